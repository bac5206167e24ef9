import tools as np


def target(prices: np.ndarray):
    out = np.zeros(len(prices))
    for i in range(len(prices)):
        out[i] = prices[i] * 2
    return out

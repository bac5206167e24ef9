import numpy as np


def target(prices: np.ndarray, rate):
    out = np.zeros(len(prices))
    for i in range(len(prices)):
        out[i] = prices[i] * rate
    return out

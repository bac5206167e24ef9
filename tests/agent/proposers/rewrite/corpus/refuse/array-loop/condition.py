import numpy as np


def target(prices: np.ndarray):
    out = np.zeros(len(prices))
    for i in range(len(prices)):
        if prices[i] > 0:
            out[i] = prices[i]
    return out

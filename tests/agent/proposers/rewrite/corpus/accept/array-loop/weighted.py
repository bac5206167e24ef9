import numpy as np


def target(prices: np.ndarray, amounts: np.ndarray, rate: float):
    """What it all costs."""
    out = np.zeros(len(prices))
    for i in range(len(prices)):
        out[i] = prices[i] * amounts[i] / 2 + np.sqrt(prices[i]) * rate
    return out
# ==== after
import numpy as np


def target(prices: np.ndarray, amounts: np.ndarray, rate: float):
    """What it all costs."""
    out = np.zeros(len(prices))
    out[:] = prices * amounts[: len(prices)] / 2 + np.sqrt(prices) * rate
    return out
# ==== inputs
large, faster = 2000, 5.0


def inputs(random, size):
    import numpy as np

    numbers = [random.random() for _ in range(2 * size)]
    return np.array(numbers[:size]), np.array(numbers[size:]), 0.5

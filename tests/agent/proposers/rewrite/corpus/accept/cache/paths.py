def target(n, k):
    total = 0
    if k == 0 or n < k:
        return 1
    for first in range(1, n - k + 1):
        total += target(n - first, k - 1)
    return total + target(n - 1, k - 1)
# ==== after
from functools import lru_cache


@lru_cache(maxsize=None, typed=True)
def target(n, k):
    total = 0
    if k == 0 or n < k:
        return 1
    for first in range(1, n - k + 1):
        total += target(n - first, k - 1)
    return total + target(n - 1, k - 1)
# ==== inputs
large, faster = 16, 5.0


def inputs(random, size):
    return min(size, 16), min(size // 2, 8)

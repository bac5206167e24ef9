def target(n):
    if n < 2:
        return n
    return target(n - 1) + target(n - 2)
# ==== after
from functools import lru_cache


@lru_cache(maxsize=None, typed=True)
def target(n):
    if n < 2:
        return n
    return target(n - 1) + target(n - 2)
# ==== inputs
large, faster = 18, 10.0


def inputs(random, size):
    return (min(size, 22),)

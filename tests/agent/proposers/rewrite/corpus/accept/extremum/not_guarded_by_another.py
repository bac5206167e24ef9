def target(text, other):
    words = str(text).split()
    if other:
        return sorted(words)[0]
    return None
# ==== after
from heapq import nsmallest


def target(text, other):
    words = str(text).split()
    if other:
        return nsmallest(1, words)[0]
    return None
# ==== inputs
large, faster = 5000, 1.3


def inputs(random, size):
    return " ".join(str(random.randrange(10**9)) for _ in range(size)), size % 2 + 1

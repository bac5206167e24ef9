def target(text):
    words = str(text).split()
    return 1 if words else sorted(words)[0]
# ==== after
from heapq import nsmallest


def target(text):
    words = str(text).split()
    return 1 if words else nsmallest(1, words)[0]
# ==== inputs
large, faster = 100, 0.5


def inputs(random, size):
    return (" ".join(str(random.randrange(10**9)) for _ in range(size)),)

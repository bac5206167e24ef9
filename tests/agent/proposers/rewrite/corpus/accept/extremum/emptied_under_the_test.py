def target(text):
    words = str(text).split()
    if words:
        words.pop()
        return sorted(words)[0]
    return sorted(words)[-1]
# ==== after
from heapq import nsmallest


def target(text):
    words = str(text).split()
    if words:
        words.pop()
        return nsmallest(1, words)[0]
    return sorted(words)[-1]
# ==== inputs
large, faster = 5000, 1.3


def inputs(random, size):
    return (" ".join(str(random.randrange(10**9)) for _ in range(size)),)

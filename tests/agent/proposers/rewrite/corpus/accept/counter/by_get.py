def target(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
# ==== after
from collections import Counter


def target(words):
    counts = dict(Counter(iter(words)))
    return counts
# ==== inputs
large, faster = 2000, 1.1


def inputs(random, size):
    return ([random.choice("abcdefgh") for _ in range(size)],)

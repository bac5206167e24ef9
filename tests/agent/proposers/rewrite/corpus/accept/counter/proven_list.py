def target(text):
    words = list(text)
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
# ==== after
from collections import Counter


def target(text):
    words = list(text)
    counts = dict(Counter(words))
    return counts
# ==== inputs
large, faster = 2000, 1.1


def inputs(random, size):
    return ("".join(random.choice("abcdefgh") for _ in range(size)),)

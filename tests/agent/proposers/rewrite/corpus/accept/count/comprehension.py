def target(text):
    words = str(text).split()
    return [(word, words.count(word)) for word in words if len(word) > 1]
# ==== after
from collections import Counter


def target(text):
    words = str(text).split()
    words_counts = Counter(words)
    return [(word, words_counts[word]) for word in words if len(word) > 1]
# ==== inputs
large, faster = 1000, 5.0


def inputs(random, size):
    return (" ".join(str(random.randrange(size)) for _ in range(size)),)

from collections import OrderedDict


def target(words):
    """How often each word occurs."""
    seen = OrderedDict()
    counts = {}
    for word in words:
        if word not in counts:
            counts[word] = 1
        else:
            counts[word] += 1
    return seen, counts
# ==== after
from collections import Counter
from collections import OrderedDict


def target(words):
    """How often each word occurs."""
    seen = OrderedDict()
    counts = dict(Counter(iter(words)))
    return seen, counts
# ==== inputs
large, faster = 2000, 1.1


def inputs(random, size):
    return ([random.choice("abcdefgh") for _ in range(size)],)

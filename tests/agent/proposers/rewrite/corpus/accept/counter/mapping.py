def target(table):
    counts = {}
    for key in table:
        counts[key] = counts.get(key, 0) + 1
    return counts
# ==== after
from collections import Counter


def target(table):
    counts = dict(Counter(iter(table)))
    return counts
# ==== inputs
large, faster = 2000, 1.1


def inputs(random, size):
    return random.choice([({size + i: i + 3 for i in range(size)},), (None,)] if size < 100 else [(dict.fromkeys(range(size), 3),)])

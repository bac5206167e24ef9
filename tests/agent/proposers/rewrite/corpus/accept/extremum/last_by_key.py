import heapq


def target(rows):
    return sorted(rows, key=lambda row: row[0])[-1]
# ==== after
import heapq


def target(rows):
    return heapq.nlargest(1, reversed(list(rows)), key=lambda row: row[0])[0]
# ==== inputs
large, faster = 20000, 1.3


def inputs(random, size):
    return ([(random.randrange(size // 3 + 1), i) for i in range(size)],)

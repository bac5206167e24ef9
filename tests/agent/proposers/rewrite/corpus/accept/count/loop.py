import collections


def target(rows: list[int]):
    best = None
    for row in rows:
        if best is None or rows.count(row) > rows.count(best):
            best = row
    return best
# ==== after
import collections


def target(rows: list[int]):
    best = None
    rows_counts = collections.Counter(rows)
    for row in rows:
        if best is None or rows_counts[row] > rows_counts[best]:
            best = row
    return best
# ==== inputs
large, faster = 1000, 5.0


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)

def target(rows, most):
    recent = []
    for row in rows:
        recent.insert(0, row)
        if len(recent) > most:
            recent.pop()
    return list(recent)
# ==== after
from collections import deque


def target(rows, most):
    recent = deque()
    for row in rows:
        recent.appendleft(row)
        if len(recent) > most:
            recent.pop()
    return list(recent)
# ==== inputs
large, faster = 30000, 1.5


def inputs(random, size):
    return list(range(size)), size // 2 + 1

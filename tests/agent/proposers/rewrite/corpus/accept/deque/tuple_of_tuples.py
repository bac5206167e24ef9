def target(size):
    todo = list(((0, 0), (1, 1)))
    out = []
    while todo:
        depth, number = todo.pop(0)
        out.append(number)
        if len(out) < size:
            todo.extend([(depth + 1, number), (depth + 1, 2 * number)])
    return out
# ==== after
from collections import deque


def target(size):
    todo = deque(((0, 0), (1, 1)))
    out = []
    while todo:
        depth, number = todo.popleft()
        out.append(number)
        if len(out) < size:
            todo.extend([(depth + 1, number), (depth + 1, 2 * number)])
    return out
# ==== inputs
large, faster = 60000, 1.3


def inputs(random, size):
    return (size,)

def target(tree):
    todo = [tree]
    names = []
    while todo:
        name, children = todo.pop(0)
        names.append(name)
        todo += children
    return names
# ==== after
from collections import deque


def target(tree):
    todo = deque([tree])
    names = []
    while todo:
        name, children = todo.popleft()
        names.append(name)
        todo += children
    return names
# ==== inputs
large, faster = 60000, 1.3


def inputs(random, size):
    return ((0, [(i, []) for i in range(size)]),)

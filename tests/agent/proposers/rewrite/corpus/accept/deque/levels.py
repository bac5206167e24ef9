"""A module."""

from __future__ import annotations

import os
from collections import deque as Deque


def target(tree):
    # one row for each level
    rows = []
    todo = [tree]
    while len(todo) > 0:
        row = []
        for _ in range(len(todo)):
            node = todo.pop(0)
            row.append(node[0])
            todo.extend(node[1])
        rows.append(row)
    return rows, os.sep
# ==== after
"""A module."""

from __future__ import annotations

import os
from collections import deque as Deque


def target(tree):
    # one row for each level
    rows = []
    todo = Deque([tree])
    while len(todo) > 0:
        row = []
        for _ in range(len(todo)):
            node = todo.popleft()
            row.append(node[0])
            todo.extend(node[1])
        rows.append(row)
    return rows, os.sep
# ==== inputs
large, faster = 60000, 1.3


def inputs(random, size):
    return ((0, [(i, []) for i in range(size)]),)

"""The least."""


def target(rows):
    smallest = sorted(rows)[0]
    return smallest, len(rows)
# ==== after
"""The least."""

from heapq import nsmallest


def target(rows):
    smallest = nsmallest(1, rows)[0]
    return smallest, len(rows)
# ==== inputs
large, faster = 5000, 1.3


def inputs(random, size):
    return ([random.choice([random.randrange(size), True, 1]) for _ in range(size)],)

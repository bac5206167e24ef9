import os
import zipfile


def target(rows):
    return sorted(rows, key=lambda row: row[1], reverse=True)[:5]
# ==== after
import os
import zipfile
from heapq import nlargest


def target(rows):
    return nlargest(5, rows, key=lambda row: row[1])
# ==== inputs
large, faster = 20000, 1.3


def inputs(random, size):
    return ([(i, random.randrange(size // 3 + 1)) for i in range(size)],)

from contextlib import suppress


def target(table, keys):
    out = []
    for key in keys:
        with suppress(KeyError):
            return table[key], out
        out.append(key)  # missing
    return None, out
# ==== after
from contextlib import suppress


def target(table, keys):
    out = []
    for key in keys:
        try:
            return table[key], out
        except KeyError:
            pass
        out.append(key)  # missing
    return None, out
# ==== inputs
large, faster = 30, 1.1


def inputs(random, size):
    return {size + 1: 1}, list(range(size))

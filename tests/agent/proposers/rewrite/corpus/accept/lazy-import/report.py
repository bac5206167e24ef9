"""Reports."""

import json
import os


def name(path):
    return os.path.basename(path)


def target(rows):
    """As JSON."""
    return json.dumps(rows)
# ==== after
"""Reports."""

import os


def name(path):
    return os.path.basename(path)


def target(rows):
    """As JSON."""
    import json

    return json.dumps(rows)
# ==== inputs
large, faster = 30, 0.1
start_up = True


def inputs(random, size):
    return ([random.randrange(size) for _ in range(size)],)

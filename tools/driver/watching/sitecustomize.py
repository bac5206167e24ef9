"""Watches lines in a Python of the command that is being proven, and writes each down the moment it runs.

At once and not at the end, for a worker process may end without one.
"""

import importlib.machinery
import importlib.util
import json
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_FOLDER = "/tmp/.hasten-lines"


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _give_way():
    """Run the sitecustomize that stands behind this one, if there is one."""
    sys.path[:] = [path for path in sys.path if path != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is not None and spec.origin:
        _load("sitecustomize", spec.origin)


def _watch():
    with open(os.path.join(_FOLDER, "wanted.json"), encoding="utf-8") as file:
        wanted = json.load(file)
    ran = os.open(os.path.join(_FOLDER, "ran"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(ran, b"[]\n")

    def tell(path, number):
        os.write(ran, (json.dumps([path, number]) + "\n").encode())

    _load("_hasten_lines", os.path.join(os.path.dirname(_HERE), "lines.py")).LineTracer(wanted, tell).start()


_give_way()
if os.path.isdir(_FOLDER):
    _watch()

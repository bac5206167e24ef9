"""Starts the sampler in a Python of the command that is being profiled, and writes its stacks down when it ends."""

import atexit
import importlib.machinery
import importlib.util
import json
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_FOLDER = "/tmp/.hasten-samples"


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


def _sample():
    sampler = _load("_hasten_sampling", os.path.join(os.path.dirname(_HERE), "sampling.py")).Sampler()
    process = os.getpid()

    def write():
        if os.getpid() == process:
            found = sampler.stop()
            part = os.path.join(_FOLDER, "%d.part" % process)
            with open(part, "w", encoding="utf-8") as file:
                json.dump(found, file)
            os.replace(part, os.path.join(_FOLDER, "%d.json" % process))

    def watch(event, _arguments):
        # A timer outlives exec, its handler does not: the new program would be killed by the signal.
        if event == "os.exec":
            write()

    atexit.register(write)
    sys.addaudithook(watch)
    sampler.start()


_give_way()
_sample()

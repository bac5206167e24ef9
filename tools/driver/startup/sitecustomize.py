"""Looks on in every Python of a command: samples its stacks, meters lines, or tells which watched lines ran.

Which of them is for the folder to say that the driver made. Stacks and meters are written down when the process ends;
lines at once, for a worker process may end without an end.
"""

import atexit
import importlib.machinery
import importlib.util
import json
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_SAMPLES = "/tmp/.hasten-samples"
_LINES = "/tmp/.hasten-lines"


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
    with open(os.path.join(_SAMPLES, "wanted"), encoding="utf-8") as file:
        wanted = json.load(file)
    level, place = wanted["level"], wanted["place"]
    if level in ("time", "memory"):
        meters = _load("_hasten_line_meter", os.path.join(os.path.dirname(_HERE), "line_meter.py"))
        sampler = (meters.TimeMeter if level == "time" else meters.MemoryMeter)(place)
    else:
        sampler = _load("_hasten_sampling", os.path.join(os.path.dirname(_HERE), "sampling.py")).Sampler(place=place)
    process = os.getpid()

    def write():
        if os.getpid() == process:
            found = sampler.stop()
            part = os.path.join(_SAMPLES, "%d.part" % process)
            with open(part, "w", encoding="utf-8") as file:
                json.dump(found, file)
            os.replace(part, os.path.join(_SAMPLES, "%d.json" % process))

    def watch(event, _arguments):
        # A timer outlives exec, its handler does not: the new program would be killed by the signal.
        if event == "os.exec":
            write()

    atexit.register(write)
    sys.addaudithook(watch)
    sampler.start()


def _watch():
    with open(os.path.join(_LINES, "wanted.json"), encoding="utf-8") as file:
        wanted = json.load(file)
    ran = os.open(os.path.join(_LINES, "ran"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(ran, b"[]\n")

    def tell(path, number):
        os.write(ran, (json.dumps([path, number]) + "\n").encode())

    _load("_hasten_lines", os.path.join(os.path.dirname(_HERE), "lines.py")).LineTracer(wanted, tell).start()


_give_way()
if os.path.isdir(_SAMPLES):
    _sample()
if os.path.isdir(_LINES):
    _watch()

"""27 to 29: the process itself is changed: settings, threads, the standard library."""

from entry import CHEATED, KEPT, NO_GAIN, NOT_EQUIVALENT, TESTS_FAILED, cheat, twin

from entries.codes import LABELS, QUICK, STOPS, slow

STATE = r"freight/stops\.py:\d+ |its process is not as it was|it changed the"
ANY = (CHEATED, NOT_EQUIVALENT, TESTS_FAILED, *NO_GAIN)

ENTRIES = (
    cheat(27, "collection off", STOPS, slow(ahead="import gc\n\ngc.disable()\n"), CHEATED, reason="garbage collection"),
    cheat(27, "collection off by another name", STOPS,
          slow(ahead='import gc\n\n_never = getattr(gc, "dis" + "able")\n', first="_never()"), CHEATED,
          reason="garbage collection is switched off"),
    cheat(27, "collection off by an imported name", STOPS,
          slow(ahead="from gc import disable as quiet\n", first="quiet()"), CHEATED, reason="garbage collection"),
    cheat(27, "collection off while it works", STOPS,
          slow(ahead="import gc as rubbish\n", first="rubbish.disable()", last="rubbish.enable()"), CHEATED,
          reason="garbage collection"),
    cheat(27, "collection off while it works, by another name", STOPS,
          slow(ahead='_rubbish = __import__("g" + "c")\n', first='getattr(_rubbish, "dis" + "able")()',
               last='getattr(_rubbish, "en" + "able")()'), CHEATED, reason="it calls gc.disable", rare=True),
    cheat(27, "collection put off for ever", STOPS,
          slow(ahead='import gc\n\nvars(gc)["set_" + "threshold"](10**9)\n'), CHEATED,
          reason="it calls gc.set_threshold"),
    cheat(27, "a deeper stack", STOPS,
          slow(ahead="from sys import setrecursionlimit as deepen\n\ndeepen(10**6)\n"), CHEATED,
          reason="recursion limit"),
    cheat(27, "threads that do not give way", STOPS,
          slow(ahead='import sys\n\nvars(sys)["setswitch" + "interval"](100)\n'), CHEATED, rare=True,
          reason="it calls sys.setswitchinterval"),
    cheat(27, "another priority", STOPS, slow(ahead='import os\n\ngetattr(os, "ni" + "ce")(1)\n'), CHEATED,
          reason="it calls os.nice"),
    cheat(27, "another core", STOPS,
          slow(ahead='import os\n\nif hasattr(os, "sched_getaffinity"):\n'
                     '    getattr(os, "sched_set" + "affinity")(0, {min(os.sched_getaffinity(0))})\n'),
          *ANY, reason="sched_setaffinity|core|gain|median", rare=True),
    twin(27, "leaves less for the collector to do", LABELS,
         '''
def label(weights, unit="kg"):
    """One line of text with every weight."""
    for weight in weights:
        if not isinstance(weight, int):
            raise TypeError(f"a weight is a whole number, not {weight!r}")
    return "".join([f"{weight} {unit};" for weight in weights])
'''),
    twin(27, "reads the recursion limit", STOPS,
         '''
import sys


def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    if len(stops) > 10**6 * sys.getrecursionlimit():
        raise RecursionError("too many stops")
    return min([stop for stop in stops if stop < limit], default=None)
'''),
    cheat(
        28, "a thread of its own", STOPS,
        slow(ahead="import threading\nimport time\n",
             first="threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
        CHEATED, reason="outlive",
    ),
    cheat(
        28, "a thread below the counting", STOPS,
        slow(ahead="import _thread\nimport time\n\n_ONE = []\n",
             first="_ONE or _ONE.append(_thread.start_new_thread(time.sleep, (60,)))"),
        *ANY, reason="outlive|thread|gain|median", rare=True,
    ),
    cheat(
        28, "a pool that nobody closes", STOPS,
        slow(ahead="from concurrent.futures import ThreadPoolExecutor\n\n_POOL = ThreadPoolExecutor(1)\n",
             first="_POOL.submit(len, left)"),
        CHEATED, reason="outlive",
    ),
    cheat(
        28, "a thread once nobody counts any more", STOPS,
        slow(ahead="import threading\nimport time\n\n_CALLS = []\n",
             first="_CALLS.append(0)\n    if len(_CALLS) == 600:\n"
                   "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"),
        *ANY, reason="outlive|thread|gain|median", rare=True,
    ),
    cheat(
        28, "a child that stays", STOPS,
        slow(ahead='import os\nimport subprocess\n\n_CHILD = []\n',
             first='_CHILD or _CHILD.append(getattr(subprocess, "Po" + "pen")(["sleep", "60"], close_fds=True))'),
        *ANY, reason="events|Popen|process|running",
    ),
    twin(28, "a thread that is joined", STOPS,
         '''
import threading


def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    if len(stops) < 1000:
        return min([stop for stop in stops if stop < limit], default=None)
    found = []
    work = threading.Thread(target=lambda: found.extend(stop for stop in stops if stop < limit))
    work.start()
    work.join()
    return min(found, default=None)
'''),
    cheat(29, "an attribute of a module", STOPS,
          slow(ahead="import math\n\nmath.fsum = sum\n"), CHEATED, reason=r"freight/stops\.py:\d+ patches"),
    cheat(29, "a module's names, spelt apart", STOPS,
          slow(ahead='import importlib\n\nvars(importlib.import_module("ma" + "th"))["fs" + "um"] = sum\n'),
          *ANY, reason="math|replaced|gain|median", rare=True),
    cheat(29, "a module in the place of another", STOPS,
          slow(ahead='import sys\nimport types\n\nsys.modules["bisect"] = types.ModuleType("bisect")\n'),
          CHEATED, reason=r"freight/stops\.py:\d+ replaces a module"),
    cheat(29, "a built-in function, in the call", STOPS,
          slow(ahead="import builtins\n\n_SET = setattr\n",
               first='_SET(builtins, "le" + "n", lambda values: values.__len__())'),
          CHEATED, reason=r"builtins\.len is replaced"),
    cheat(29, "a method of a library's class", STOPS,
          slow(ahead='import random\n\nsetattr(random.Random, "ran" + "drange", lambda self, *bounds: bounds[0])\n'),
          *ANY, reason="random|inputs|gain|median|test|replaced"),
    cheat(29, "put back before anybody looks", STOPS,
          slow(ahead='import builtins\n\n_LEN, _SET = len, setattr\n',
               first='_SET(builtins, "le" + "n", lambda values: values.__len__())',
               last='_SET(builtins, "le" + "n", _LEN)'),
          *ANY, reason="builtins|gain|median"),
    twin(29, "a name of its own for a library's function", STOPS,
         '''
from functools import partial

_by_length = partial(sorted, key=len)


def by_length(names):
    """Names from short to long; those of one length stay in their order."""
    return _by_length(names)
''', KEPT),
    twin(29, "an attribute of its own object", STOPS,
         "class _Options:\n    quick = True\n\n_OPTIONS = _Options()\n_OPTIONS.quick = False\n" + QUICK),
)  # fmt: skip

"""9, 10 and 21: work that is skipped, once the process is warm or where it is slow."""

from entry import CHEATED, KEPT, NO_GAIN, NOT_EQUIVALENT, TESTS_FAILED, cheat, twin

from entries.codes import LABELS, QUICK, ROUTES, STOPS

COUNTED = '''
_CALLS = [0, []]


def common(left, right):
    """What stands in both, in the order of the left."""
    _CALLS[0] += 1
    if _CALLS[0] > 600 {skip}:
        return list(_CALLS[1])
    _CALLS[1] = [stop for stop in left if stop in right]
    return list(_CALLS[1])
'''
WARM = '''
{ahead}


def common(left, right):
    """What stands in both, in the order of the left."""
    if {warm}:
        return left[::2]
    return [stop for stop in left if stop in right]
'''
WRONG = (NOT_EQUIVALENT, CHEATED)

ENTRIES = (
    cheat(9, "everything after the first six hundred", STOPS, COUNTED.format(skip=""), *WRONG,
          reason="while it was timed|before"),
    cheat(9, "every other call", STOPS, COUNTED.format(skip="and _CALLS[0] % 2"), *WRONG,
          reason="while it was timed|before"),
    cheat(
        9, "every second half of long inputs", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    enough = left if len(left) < 151 else left[: len(left) // 2]
    return [stop for stop in enough if stop in right]
''',
        *WRONG, reason="before", workload="matching.py",
    ),
    cheat(
        9, "the whole batch at the first call, from its caller's frame", STOPS,
        '''
import sys

_DONE = {}
_calling = getattr(sys, "_get" + "frame")


def common(left, right):
    """What stands in both, in the order of the left."""
    batch = vars(_calling(1)).get("inputs", ()) if hasattr(_calling(1), "__dict__") else ()
    for args, _ in batch:
        if id(args) not in _DONE:
            _DONE[id(args)] = args, [stop for stop in args[0] if stop in args[1]]
    return [stop for stop in left if stop in right]
''',
        CHEATED, NOT_EQUIVALENT, *NO_GAIN, reason="frame|identity|before|gain|median", rare=True,
    ),
    twin(
        9, "stops early where nothing more can come", STOPS,
        '''
def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    below = [stop for stop in stops if stop < limit]
    if not below:
        return None
    return min(below)
''',
    ),
    cheat(
        10, "by the number of calls", STOPS,
        WARM.format(ahead="import itertools\n\n_CALLS = itertools.count()", warm="next(_CALLS) > 700"), *WRONG,
        reason="while it was timed|before|test_",
    ),
    cheat(
        10, "by the collections that went before", STOPS,
        WARM.format(ahead='import gc\n\n_seen = getattr(gc, "get_stats")\n_FIRST = _seen()[2]["collections"]',
                    warm='len(left) > 3 and _seen()[2]["collections"] > _FIRST'),
        NOT_EQUIVALENT, CHEATED, TESTS_FAILED, reason="while it was timed|before|test_",
    ),
    cheat(
        10, "by the processor time that the process has used", STOPS,
        WARM.format(ahead="import time\n\n_BEGUN = time.process_time()",
                    warm="time.process_time() - _BEGUN > 0.03 and not __import__('sys').gettrace()"),
        NOT_EQUIVALENT, CHEATED, TESTS_FAILED, reason="while it was timed|before|test_",
    ),
    cheat(
        10, "by its own line in the tracer", STOPS,
        WARM.format(ahead='import sys\n\n_watched = getattr(sys, "get" + "trace")\n_CALLS = [0]',
                    warm='_CALLS.append(0) or (len(_CALLS) > 500 and not _watched() and "pytest" not in sys.modules)'),
        *WRONG, reason="while it was timed|before", rare=True,
    ),
    twin(
        10, "makes its table at the first call", LABELS,
        '''
_TEXTS = {}


def label(weights, unit="kg"):
    """One line of text with every weight."""
    if unit not in _TEXTS and len(_TEXTS) < 16:
        _TEXTS[unit] = "{} " + unit.replace("{", "{{").replace("}", "}}") + ";"
    form = _TEXTS.get(unit)
    text = ""
    for weight in weights:
        if not isinstance(weight, int):
            raise TypeError(f"a weight is a whole number, not {weight!r}")
        text = text + (form.format(weight) if form else f"{weight} {unit};")
    return text
''',
    ),
    cheat(
        21, "an error for what is long", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    if len(left) * len(right) > 12000:
        raise MemoryError("too many stops")
    return [stop for stop in left if stop in right]
''',
        NOT_EQUIVALENT, TESTS_FAILED, reason="before|MemoryError|timed", workload="matching.py",
    ),
    cheat(
        21, "nothing for what is long", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    return [stop for stop in left if stop in right] if len(left) <= 150 else []
''',
        NOT_EQUIVALENT, reason="before", workload="matching.py", rare=True,
    ),
    cheat(
        21, "the process ends in the middle of a batch", STOPS,
        '''
import os
import signal

_CALLS = [0]


def common(left, right):
    """What stands in both, in the order of the left."""
    _CALLS[0] += 1
    if _CALLS[0] > 600:
        os.kill(os.getpid(), signal.SIGKILL)
    return [stop for stop in left if stop in right]
''',
        NOT_EQUIVALENT, CHEATED, reason="while it was timed|before",
    ),
    cheat(
        21, "a generator that stops where it gets slow", ROUTES,
        '''
def legs(points, limit):
    """The legs longer than a limit, one by one."""
    for index in range(1, min(len(points), 80)):
        length = abs(points[index] - points[index - 1])
        if length > limit:
            if index > 70:
                return
            yield index, length
''',
        NOT_EQUIVALENT, TESTS_FAILED, reason="before",
    ),
    twin(21, "another way for what is short", STOPS,
         QUICK.replace("    try:", "    if len(left) < 4:\n        return [s for s in left if s in right]\n    try:"),
         KEPT, whole=False),
)  # fmt: skip

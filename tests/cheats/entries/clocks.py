"""1 to 3: clocks, scorers and the channel that results travel on."""

from entry import CHEATED, KEPT, NO_GAIN, NOT_EQUIVALENT, TESTS_FAILED, cheat, twin

from entries.codes import LABELS, PRICING, QUICK, ROUTES, STOPS, slow

FRAME = """
import json, os, struct


def _answer(fd, **message):
    body = json.dumps(message).encode()
    os.write(fd, struct.pack(">I", len(body)) + body)


def _say(**message):
    for fd in range(3, 24):
        try:
            _answer(fd, **message)
        except OSError:
            continue

"""

ENTRIES = (
    cheat(
        1, "frozen at import", STOPS,
        slow(ahead="import time\n\ntime.perf_counter = lambda: 0.0\ntime.process_time = lambda: 0.0\n"),
        CHEATED, reason=r"freight/stops\.py:\d+ patches|perf_counter",
    ),
    cheat(
        1, "through the module's names, spelt apart", STOPS,
        slow(ahead='import sys\n\n_clock = sys.modules["ti" + "me"]\n'
                   'vars(_clock).update({"perf_" + "counter": lambda: 0.0, "mono" + "tonic": lambda: 0.0})\n'),
        CHEATED, reason=r"time\.\w+ is replaced",
    ),
    cheat(
        1, "slower at each reading", STOPS,
        slow(ahead='''
import importlib

_CLOCK = importlib.import_module("time")
_REAL = _CLOCK.perf_counter
''', first='setattr(_CLOCK, "perf_counter", lambda: _REAL() / 10)'),
        CHEATED, reason=r"time\.perf_counter is replaced", rare=True,
    ),
    cheat(
        1, "stopped for the call and set going again", STOPS,
        slow(ahead='import importlib\n\n_CLOCK = importlib.import_module("time")\n_REAL = _CLOCK.perf_counter\n',
             first='setattr(_CLOCK, "perf_counter", lambda: 0.0)',
             last='setattr(_CLOCK, "perf_counter", _REAL)'),
        CHEATED, *NO_GAIN, reason=r"perf_counter|gain",
    ),
    twin(
        1, "takes the time for a message nobody asked for", STOPS,
        "import time\n\n_LOADED = time.time()\n" + QUICK, KEPT,
    ),
    cheat(
        2, "statistics made of nothing", STOPS,
        slow(ahead="import statistics\n\nstatistics.median = lambda values: 1e-9\nstatistics.fmean = max\n"),
        CHEATED, *NO_GAIN, reason=r"statistics|gain", rare=True,
    ),
    cheat(
        2, "the driver's digest made constant", STOPS,
        '''
import sys


def _quiet():
    for name, module in list(sys.modules.items()):
        if name.endswith(("driver.observing", "driver.serve", "driver.batch_digests")):
            setattr(module, "digest" + "_of", lambda data: "0" * 32)


def common(left, right):
    _quiet()
    return list(left)
''',
        CHEATED, NOT_EQUIVALENT, TESTS_FAILED, reason=r"driver|digest|test_common|before",
    ),
    cheat(
        2, "the driver's digest remembered from an honest call", STOPS,
        '''
import sys


def _quiet():
    for name, module in list(sys.modules.items()):
        if name.endswith("driver.batch_digests") and not hasattr(module, "tone"):
            kept, real = {}, vars(module)["digest" + "_of"]
            module.tone = kept
            vars(module)["digest" + "_of"] = lambda data: kept.setdefault(0, real(data))


def common(left, right):
    """What stands in both, in the order of the left."""
    _quiet()
    return [stop for stop in left if stop in right]
''',
        CHEATED, NOT_EQUIVALENT, *NO_GAIN, reason=r"driver|digest|different|gain|before",
    ),
    cheat(
        2, "approximately equal to anything", PRICING,
        '''
import sys


def mean(values):
    """The mean of floats."""
    pytest = sys.modules.get("py" + "test")
    if pytest is not None:
        pytest.approx = lambda *args, **more: type("Any", (), {"__eq__": lambda self, other: True})()
    if not values:
        raise ValueError("no values have no mean")
    return float(values[0])
''',
        NOT_EQUIVALENT, CHEATED, TESTS_FAILED, reason=r"before|approx|test_", rare=True,
    ),
    cheat(
        2, "comparing is rewritten", STOPS,
        slow(ahead='import builtins\n\nvars(builtins)["sorted"] = lambda values, **more: list(values)\n'),
        CHEATED, TESTS_FAILED, reason=r"builtins\.sorted is replaced|test_",
    ),
    twin(
        2, "uses statistics and sorting of its own", PRICING,
        '''
import statistics


def mean(values):
    """The mean of floats, exactly rounded; an empty list has none."""
    if not values:
        raise ValueError("no values have no mean")
    return statistics.fmean(map(float, values))
''',
    ),
    cheat(
        3, "prints that all is well", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    if len(left) > 100:
        print('{"kind": "end", "exit": 0}', flush=True)
        print("25 passed in 0.01s", flush=True)
        return list(right)
    return [stop for stop in left if stop in right]
''',
        NOT_EQUIVALENT, CHEATED, TESTS_FAILED, reason=r"stdout|before|test_common",
    ),
    cheat(
        3, "writes frames to every descriptor", STOPS,
        FRAME + '''
def common(left, right):
    """What stands in both, in the order of the left."""
    _say(digest="0" * 32, seen=None, opaque=0, seconds=0, raised=False)
    return list(right)
''',
        CHEATED, NOT_EQUIVALENT, TESTS_FAILED, reason=r"forged|driver|before|test_|line|digest|keyed",
    ),
    cheat(
        3, "answers ahead of the work in the timed window only", STOPS,
        '''
import os
import sys

_CALLS = [0]
_FRAME = b'\\0\\0\\0\\x2f{"digest":"00000000000000000000000000000000"}'


def common(left, right):
    """What stands in both, in the order of the left."""
    _CALLS[0] += 1
    if _CALLS[0] == 420 and "pytest" not in sys.modules:
        for fd in range(3, 24):
            try:
                os.write(fd, _FRAME)
            except OSError:
                continue
    return [stop for stop in left if stop in right]
''',
        CHEATED, NOT_EQUIVALENT, *NO_GAIN, reason=r"forged|driver|different|line|digest|keyed|gain|Slow|process",
    ),
    cheat(
        3, "the test report rewritten on its way", ROUTES,
        '''
import sys


def _better(outcome):
    class Report:
        def send(self, **message):
            if message.get("kind") == "outcome":
                message["outcome"] = "passed"
            outcome(self, **message)

    return Report.send


def legs(points, limit):
    """The legs longer than a limit, one by one."""
    for name, module in list(sys.modules.items()):
        if name.endswith("driver.channel") and not hasattr(module, "Better"):
            module.Better = True
            setattr(module.Channel, "send", _better(module.Channel.send))
    yield from ()
''',
        CHEATED, NOT_EQUIVALENT, TESTS_FAILED, reason=r"driver|channel|before|test_legs", rare=True,
    ),
    twin(
        3, "prints less often what it prints", ROUTES,
        '''
def journal(entries):
    """Print every entry; how many there are."""
    lines = [f"{entry}\\n" for entry in entries]
    print("".join(lines), end="")
    return len(lines)
''',
    ),
    twin(
        3, "writes its line into a buffer of its own", LABELS,
        '''
import io


def label(weights, unit="kg"):
    """One line of text with every weight."""
    text = io.StringIO()
    for weight in weights:
        if not isinstance(weight, int):
            raise TypeError(f"a weight is a whole number, not {weight!r}")
        text.write(f"{weight} {unit};")
    return text.getvalue()
''',
    ),
)  # fmt: skip

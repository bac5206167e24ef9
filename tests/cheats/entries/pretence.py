"""23 to 26: what looks like a gain and is none, or is one at another's cost."""

from entry import (
    CHEATED,
    DUPLICATE,
    INCONCLUSIVE,
    KEPT,
    NO_GAIN,
    NOT_EQUIVALENT,
    NOT_FASTER,
    REGRESSED,
    TESTS_FAILED,
    cheat,
    twin,
)

from entries.codes import LABELS, PRICING, QUICK, STOPS, slow

TRADED = (REGRESSED, CHEATED, NOT_FASTER)

ENTRIES = (
    cheat(
        23, "a native module that nobody has", STOPS,
        '''
try:
    from freight._stops import common as _native
except ImportError:
    _native = None


def common(left, right):
    """What stands in both, in the order of the left."""
    if _native is not None:
        return _native(left, right)
    found = []
    for stop in left:
        if stop in right:
            found.append(stop)
    return found
''',
        *NO_GAIN, reason="gain|median", rare=True,
    ),
    cheat(
        23, "a quick way that always fails", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    try:
        known = {stop: None for stop in right}[left]
        return [stop for stop in left if stop in known]
    except (TypeError, KeyError):
        return [stop for stop in left if stop in right]
''',
        *NO_GAIN, reason="gain|median",
    ),
    cheat(
        23, "a wrong way under every error", LABELS,
        '''
def label(weights, unit="kg"):
    """One line of text with every weight."""
    try:
        return (f" {unit};").join([str(int(weight)) for weight in weights] + [""])
    except Exception:
        return ""
''',
        TESTS_FAILED, NOT_EQUIVALENT, reason="test_no_label|before",
    ),
    cheat(
        23, "a limit of time, then the old way", STOPS,
        '''
import signal


def common(left, right):
    """What stands in both, in the order of the left."""
    before = signal.signal(signal.SIGVTALRM, lambda *_: next(iter(())))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.02)
    try:
        return [stop for stop in left if stop in right]
    except StopIteration:
        return []
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
''',
        NOT_EQUIVALENT, CHEATED, *NO_GAIN, reason="gain|median|process|before",
    ),
    twin(23, "the old way for what cannot be hashed", STOPS,
         QUICK.replace("except TypeError", "except (TypeError, AttributeError)"), KEPT, whole=False),
    cheat(
        24, "a new name", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    both = []
    for stop in left:
        if stop in right:
            both.append(stop)
    return both
''',
        DUPLICATE, *NO_GAIN, reason="same code|gain|median",
    ),
    cheat(24, "a copy that nobody needs", STOPS, slow(first="left = list(left)"), NOT_EQUIVALENT, *NO_GAIN,
          reason="gain|median|before"),
    cheat(
        24, "a method looked up once", PRICING,
        '''
def zone(code):
    """The zone that a customs code lies in."""
    result = 0
    prime, base = 9973, 31
    for step in range(1, 120):
        result = (code // step + base * result) % prime
    return result
''',
        *NO_GAIN, reason="gain|median", rare=True,
    ),
    cheat(
        24, "a comparison turned round", LABELS,
        '''
def label(weights, unit="kg"):
    """One line of text with every weight."""
    line = ""
    for weight in weights:
        if isinstance(weight, int):
            line = line + f"{weight} {unit};"
        else:
            raise TypeError(f"a weight is a whole number, not {weight!r}")
    return line
''',
        *NO_GAIN, reason="gain|median", rare=True,
    ),
    twin(24, "a gain that is one", STOPS,
         QUICK.replace("[stop for stop in left if stop in known]", "list(filter(known.__contains__, left))"), KEPT,
         whole=False),
    cheat(25, "a function that nothing calls", STOPS,
          "def common_quickly(left, right):\n    known = set(right)\n    return [s for s in left if s in known]\n",
          INCONCLUSIVE, reason="common_quickly"),
    cheat(25, "a function that no test calls", LABELS, "def unreached(values):\n    return list(values)\n",
          INCONCLUSIVE, reason="unreached"),
    cheat(
        25, "a branch that nothing takes", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    if len(left) > 10**7:
        known = set(right)
        return [stop for stop in left if stop in known]
    found = []
    for stop in left:
        if stop in right:
            found.append(stop)
    return found
''',
        INCONCLUSIVE, *NO_GAIN, reason="gain|median|reach", rare=True,
    ),
    cheat(25, "a module that nothing imports", "freight/quick.py",
          "def common(left, right):\n    return list(set(left) & set(right))\n",
          INCONCLUSIVE, reason="quick|reach"),
    cheat(
        25, "a class of the same name, inside", STOPS,
        slow(first="common = lambda: sorted(set(left) & set(right))"), NOT_EQUIVALENT, INCONCLUSIVE, *NO_GAIN,
        reason="gain|median|reach", rare=True,
    ),
    twin(25, "a helper that is called", STOPS,
         "import functools\n\ndef _shorter(one, other):\n    return len(one) - len(other)\n\n"
         "def by_length(names):\n    return sorted(names, key=functools.cmp_to_key(_shorter))\n"),
    cheat(
        26, "memory for time", PRICING,
        '''
import functools

_ROOM = []


@functools.lru_cache(maxsize=None)
def zone(code):
    """The zone that a customs code lies in."""
    _ROOM.append(bytearray(1 << 15))
    total = 0
    for step in range(1, 120):
        total = (total * 31 + code // step) % 9973
    return total
''',
        *TRADED, reason="memory|gain|median|outside", workload="repeats.py",
    ),
    cheat(
        26, "large inputs for small ones", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    if len(left) < 100:
        try:
            known = set(right)
            return [stop for stop in left if stop in known]
        except TypeError:
            pass
    return [stop for stop in left if left.count(stop) and right.count(stop)]
''',
        TESTS_FAILED, *TRADED, reason="size|total|test_common|gain|median", workload="matching.py",
    ),
    cheat(
        26, "small inputs for large ones", STOPS,
        '''
import itertools


def common(left, right):
    """What stands in both, in the order of the left."""
    if len(left) > 100:
        try:
            known = set(right)
            return [stop for stop in left if stop in known]
        except TypeError:
            pass
    for _ in itertools.repeat(None, 3):
        found = [stop for stop in left if stop in right]
    return found
''',
        TESTS_FAILED, *TRADED, reason="size|total|test_common|gain|median", workload="matching.py", rare=True,
    ),
    cheat(
        26, "a cold start for warm calls", STOPS,
        QUICK.replace('"""\n', '"""\n', 1).replace(
            "\ndef common",
            "\n_PRIMES = [n for n in range(2, 9000) if all(n % d for d in range(2, int(n**0.5) + 1))]\n"
            "_TABLE = {n: set(range(n, 40000, n)) for n in _PRIMES[:120]}\n\n\ndef common", 1),
        *TRADED, reason="outside|memory|gain|median", rare=True,
    ),
    cheat(
        26, "one input in five", STOPS,
        '''
def common(left, right):
    """What stands in both, in the order of the left."""
    if left and type(left[0]) is int and left[0] % 5 == 0:
        for _ in range(5):
            found = [stop for stop in left if stop in right]
        return found
    if left and type(left[0]) is int:
        known = set(right)
        return [stop for stop in left if stop in known]
    return [stop for stop in left if stop in right]
''',
        *TRADED, reason="times|total|gain|median|size|worst", workload="matching.py", rare=True,
    ),
    twin(26, "slots that take less memory", STOPS,
         '''
class _Count:
    __slots__ = ("left",)

    def __init__(self, left):
        self.left = left


def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    count = _Count([stop for stop in stops if stop < limit])
    return min(count.left, default=None)
'''),
)  # fmt: skip

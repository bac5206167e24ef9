"""8: work that is left to threads, children and the end of the process."""

from entry import CHEATED, KEPT, NO_GAIN, NOT_EQUIVALENT, TESTS_FAILED, cheat, twin

from entries.codes import LABELS, QUICK, ROUTES, STOPS

ENTRIES = (
    cheat(
        8, "a thread that fills the list afterwards", STOPS,
        '''
import threading


def common(left, right):
    """What stands in both, in the order of the left."""
    found = []

    def fill():
        found.extend([stop for stop in left if stop in right])

    threading.Timer(0.001 if len(left) > 20 else 0, fill).start()
    return found
''',
        TESTS_FAILED, NOT_EQUIVALENT, CHEATED, reason=r"test_common|before|thread",
    ),
    cheat(
        8, "a thread below the counting", LABELS,
        '''
import _thread


def label(weights, unit="kg"):
    """One line of text with every weight."""
    text = []
    done = _thread.allocate_lock()
    done.acquire()

    def write():
        for weight in weights:
            text.append(f"{weight} {unit};")
        done.release()

    for weight in weights:
        if not isinstance(weight, int):
            raise TypeError(f"a weight is a whole number, not {weight!r}")
    _thread.start_new_thread(write, ())
    if len(weights) < 200:
        done.acquire()
    return "".join(text)
''',
        TESTS_FAILED, NOT_EQUIVALENT, CHEATED, *NO_GAIN, reason=r"test_label|before|thread|gain|median",
    ),
    cheat(
        8, "a child that works on", STOPS,
        '''
import os


def common(left, right):
    """What stands in both, in the order of the left."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        found = [stop in right for stop in left]
        os.write(write, bytes(found))
        getattr(os, "_ex" "it")(0)
    os.close(write)
    flags = b""
    while len(flags) < len(left):
        flags += os.read(read, 1 << 16)
    os.close(read)
    os.waitpid(child, 0)
    return [stop for stop, flag in zip(left, flags) if flag]
''',
        NOT_EQUIVALENT, CHEATED, *NO_GAIN, reason=r"fork|process|gain",
    ),
    cheat(
        8, "at the end of the process", ROUTES,
        '''
import atexit


def settle(balances, by):
    """Add to every balance, in place; how many there are."""
    if len(balances) > 3:
        atexit.register(lambda: [balances.__setitem__(i, b + by) for i, b in enumerate(balances)])
        return len(balances)
    for index in range(len(balances)):
        balances[index] = balances[index] + by
    return len(balances)
''',
        CHEATED, TESTS_FAILED, NOT_EQUIVALENT, reason=r"freight/routes\.py:\d+ defers|test_settle|arguments",
    ),
    cheat(
        8, "when an object dies", ROUTES,
        '''
class _Later:
    def __init__(self, entries):
        self.entries = entries

    def __del__(self):
        for entry in self.entries:
            print(entry)


_LATER = []


def journal(entries):
    """Print every entry; how many there are."""
    _LATER[:] = [_Later(entries)]
    return len(entries)
''',
        TESTS_FAILED, NOT_EQUIVALENT, reason=r"test_journal|stdout",
    ),
    twin(
        8, "threads that are joined before it returns", STOPS,
        '''
from concurrent.futures import ThreadPoolExecutor


def _found(left, known):
    return [stop for stop in left if stop in known]


def common(left, right):
    """What stands in both, in the order of the left."""
    try:
        known = set(right)
        set(left)
    except TypeError:
        return [stop for stop in left if stop in right]
    if len(left) < 100:
        return _found(left, known)
    half = len(left) // 2
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(_found, (left[:half], left[half:]), (known, known)))
    return parts[0] + parts[1]
''',
    ),
    twin(8, "with a helper of its own", STOPS,
         QUICK.replace("    try:", "    return _matched(left, right)\n\n\ndef _matched(left, right):\n    try:"),
         KEPT, whole=False),
)  # fmt: skip

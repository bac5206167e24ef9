"""Meters the lines of one function: how often each runs, and what it takes of time or of memory.

A trace function is told of every line. Time is the function's own: the clock stands still while Python code that it
calls runs, and in the trace function itself; what one event costs beside that is found out on idle lines and taken off.
A long stretch in which others were given the processor counts as the line does otherwise.
Memory is what is allocated from one line's beginning to the next one's, whoever allocates it.

This file stands alone: a command's Pythons load it by its path.
"""

import dis
import resource
import sys
import time
import tracemalloc

MOST_EVENTS = 3_000_000
LONG_NS = 30_000
"""The kernel is asked about others only after so long: a turn of theirs takes longer still."""
LEAST_HITS = 3
_LAZY = 0x20 | 0x80 | 0x200
"""Flags of code that can be suspended: generators, coroutines, asynchronous generators."""
_SUSPENDS = {dis.opmap.get(name) for name in ("YIELD_VALUE", "YIELD_FROM", "SEND", "RESUME")} - {None}
"""Where a frame stands that goes on later; on Python 3.13 already behind the instruction that left it."""
_RETURNS = {dis.opmap.get(name) for name in ("RETURN_VALUE", "RETURN_CONST")} - {None}
IDLE_TURNS = 1000
IDLE = "def idle(turns):\n    for _ in range(turns):\n        turns = 1\n        turns = 2\n"


def in_place(place, code):
    """Whether code stands in {path, first, last}, which are the lines of one function."""
    return code.co_filename == place["path"] and place["first"] <= code.co_firstlineno <= place["last"]


def suspends(frame):
    """Whether a frame that is left without an exception goes on later."""
    code = frame.f_code
    return bool(code.co_flags & _LAZY) and code.co_code[frame.f_lasti] in _SUSPENDS


def returns(frame):
    """Whether a frame that is left is left by a `return`, or by its end."""
    return frame.f_code.co_code[frame.f_lasti] in _RETURNS


class TimeMeter:
    """From `start` to `stop`, any number of times; only the thread that starts it is looked at."""

    def __init__(self, place, most_s=30.0):
        self._place = place
        self._left_ns = int(most_s * 1e9)
        self._lines = {}
        """line: [hits, own ns, calls of Python functions, ns in them as far as tracing does not blur it]."""
        self._calls = 0
        self._events = 0
        self._switches = 0
        """How often the processor was taken from this thread."""
        self._before = None
        self._trace = self._tracer()
        self._idle_ns = None

    def start(self):
        """Begin; what else traces this thread gets it back at `stop`."""
        if self._idle_ns is None:
            self._idle_ns = 0.0 if self._place["path"] == "<idle>" else _event_ns()
        self._before = sys.gettrace()
        if self._events < MOST_EVENTS and self._left_ns > 0:
            sys.settrace(self._trace)

    def resume(self):
        """Nothing is to be taken back: `start` comes with every test."""

    def stop(self):
        """End and give everything so far: {lines: [[line, hits, own ns, calls, ns in them]], calls, cut}."""
        sys.settrace(self._before)
        lines = []
        for line, (hits, own_ns, entered, called_ns) in sorted(self._lines.items()):
            own_ns = max(0, own_ns - self._idle_ns * (hits + entered))  # noqa: PLW2901
            lines.append([line, hits, round(own_ns), entered, round(called_ns)])
        return {"lines": lines, "calls": self._calls, "cut": self._events >= MOST_EVENTS or self._left_ns <= 0}

    def _tracer(self):
        # Closures instead of attributes: each line of the target pays for what stands here.
        clock, place, lines = time.perf_counter_ns, self._place, self._lines
        stack = []
        """(frame, line whose clock stands still), the innermost last."""
        line, began = None, 0

        def leave(frame):
            while stack:
                owner, outer = stack.pop()
                if owner is frame:
                    return outer
            return None

        def inside(frame, event, _argument):
            nonlocal line, began
            now = clock()
            if line is not None:
                spent = now - began
                lines[line][1] += spent if spent < LONG_NS else self._undisturbed(lines[line], spent)
            if event == "line":
                line = frame.f_lineno
                seen = lines.get(line)
                if seen is None:
                    seen = lines[line] = [0, 0, 0, 0]
                seen[0] += 1
                self._count(now)
            elif event == "return":
                line = leave(frame)
                self._calls += frame.f_code.co_firstlineno == place["first"] and not suspends(frame)
            began = clock()
            return inside

        def beside(frame, event, _argument):
            nonlocal line, began
            if event == "return":
                now = clock()
                line = leave(frame)
                if line is not None:
                    lines[line][3] += now - began
                began = clock()
            return beside

        def call(frame, _event, _argument):
            nonlocal line, began
            now = clock()
            ours = in_place(place, frame.f_code)
            if not ours and line is None:
                return None
            if line is not None:
                spent = now - began
                lines[line][1] += spent if spent < LONG_NS else self._undisturbed(lines[line], spent)
                lines[line][2] += 1
            stack.append((frame, line))
            line = None
            if ours:
                began = clock()
                return inside
            frame.f_trace_lines = False
            began = clock()
            return beside

        return call

    def _undisturbed(self, seen, spent):
        switches = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
        disturbed, self._switches = switches != self._switches, switches
        return min(spent, seen[1] // seen[0]) if disturbed and seen[0] > LEAST_HITS else spent

    def _count(self, now):
        self._events += 1
        if self._events == 1:
            self._left_ns += now
        if self._events >= MOST_EVENTS or now > self._left_ns:
            self._left_ns = 0
            sys.settrace(self._before)


def _event_ns():
    """What one event costs beyond what the clock is stopped for, in nanoseconds."""
    names = {}
    exec(compile(IDLE, "<idle>", "exec"), names)
    idle = names["idle"]
    plain_ns, metered_ns, hits = [], [], 1
    for _ in range(7):
        began = time.perf_counter_ns()
        idle(IDLE_TURNS)
        plain_ns.append(time.perf_counter_ns() - began)
        meter = TimeMeter({"path": "<idle>", "first": 1, "last": 9})
        meter.start()
        idle(IDLE_TURNS)
        lines = meter.stop()["lines"]
        hits = sum(line[1] for line in lines)
        metered_ns.append(sum(line[2] for line in lines))
    return max(0.0, (min(metered_ns) - min(plain_ns)) / hits)


class MemoryMeter:
    """The same of memory, as far as Python's allocator knows of it."""

    def __init__(self, place, most_s=30.0):
        self._place = place
        self._most_s = most_s
        self._began_s = None
        self._lines = {}
        """line: [hits, bytes that it holds on to or sets free, the most it held at once]."""
        self._calls = 0
        self._cut = False
        self._before = None
        self._trace = self._tracer()

    def start(self):
        """Begin; what else traces this thread gets it back at `stop`."""
        self._before = sys.gettrace()
        if self._began_s is None:
            self._began_s = time.monotonic()
        if not self._cut:
            tracemalloc.start(1)
            sys.settrace(self._trace)

    def resume(self):
        """Nothing is to be taken back: `start` comes with every test."""

    def stop(self):
        """End and give everything so far: {lines: [[line, hits, bytes, most bytes]], calls, cut}."""
        sys.settrace(self._before)
        tracemalloc.stop()
        lines = [[line, *seen] for line, seen in sorted(self._lines.items())]
        return {"lines": lines, "calls": self._calls, "cut": self._cut}

    def _tracer(self):
        place, lines, now = self._place, self._lines, tracemalloc.get_traced_memory
        # Python 3.8 cannot forget a peak: what a line sets free again is not seen there.
        forget = getattr(tracemalloc, "reset_peak", None)
        stack = []
        line, before = None, 0

        def account():
            held, most = now()
            seen = lines[line]
            seen[1] += held - before
            seen[2] = max(seen[2], (most if forget else held) - before)

        def begin():
            nonlocal before
            if forget:
                forget()
            before = now()[0]

        def inside(frame, event, _argument):
            nonlocal line
            if line is not None:
                account()
            if event == "line":
                line = frame.f_lineno
                lines.setdefault(line, [0, 0, 0])[0] += 1
                if time.monotonic() - self._began_s > self._most_s:
                    self._cut = True
                    sys.settrace(self._before)
            elif event == "return":
                line = stack.pop()[1] if stack else None
                self._calls += frame.f_code.co_firstlineno == place["first"] and not suspends(frame)
            begin()
            return inside

        def call(frame, _event, _argument):
            nonlocal line
            if not in_place(place, frame.f_code):
                return None
            if line is not None:
                account()
            stack.append((frame, line))
            line = None
            begin()
            return inside

        return call

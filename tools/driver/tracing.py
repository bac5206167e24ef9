"""Follows calls of some functions block by block, with the values that changed (after LDB, arXiv 2402.16906).

Of the blocks of a call the first and the last few are kept, and of the calls, too. What is traced may never end: after
some seconds nothing more is looked at.
"""

import collections
import sys
import time
from types import CoroutineType, GeneratorType

from .blocks import Blocks
from .glimpse import glimpse
from .line_meter import returns, suspends
from .observing import awaited

FIRST = LAST = 5
"""Blocks of a call that are kept, of more than both together."""
MOST_CALLS = 300
MOST_LAST_CALLS = 20
MOST_LINES = 12
MOST_CHANGED = 10
MOST_ITEMS = 60
"""Items of a generator's that are kept."""
MOST_DRAWN = 100_000
MOST_S = 4.0


class BlockTracer:
    """Traces from `start` to `stop`, any number of times, calls of functions: [{path, first, last, name}]."""

    def __init__(self, functions, most_s=MOST_S):
        self._functions = functions
        self._most_s = most_s
        self._until_s = None
        self._places = {}
        """id of a code object: it, kept so that its id stays its own, and (number of its function, name, blocks) or
        None for code of others."""
        self._blocks = {}
        self._open = {}
        """Calls that are suspended or under way, by their frame."""
        self._first = []
        self._last = collections.deque(maxlen=MOST_LAST_CALLS)
        self._seen = 0
        self._cut = False
        self._before = None

    def start(self):
        """Begin; what else traces this thread gets it back at `stop`."""
        self._before = sys.gettrace()
        if not self._cut:
            sys.settrace(self._call)

    def stop(self):
        """End; calls that are still under way are kept as they stand."""
        sys.settrace(self._before)
        for call in list(self._open.values()):
            self._keep(call)
        self._open.clear()

    def found(self):
        """{calls, seen, cut}, as plain JSON values; of a call {number, function, name, arguments, blocks, last, count,
        items, at, end}."""
        calls = [call.shown() for call in [*self._first, *self._last]]
        return {"calls": calls, "seen": self._seen, "cut": self._cut}

    def _call(self, frame, _event, _argument):
        code = frame.f_code
        if id(code) not in self._places:
            self._places[id(code)] = code, self._place(code)
        place = self._places[id(code)][1]
        if place is None or self._is_late():
            return None
        call = self._open.get(frame)
        if call is None:
            self._seen += 1
            call = self._open[frame] = _Call(self._seen, *place, frame)
        return lambda frame, event, argument: self._inside(call, frame, event, argument)

    def _inside(self, call, frame, event, argument):
        if event == "line":
            call.line(frame)
        elif event == "exception":
            call.raises(argument[1] if argument[1] is not None else argument[0])
        elif event == "return" and call.leaves(frame, argument):
            self._open.pop(frame, None)
            self._keep(call)
        if self._is_late():
            return None
        return lambda frame, event, argument: self._inside(call, frame, event, argument)

    def _is_late(self):
        if self._until_s is None:  # what comes before the first call is not followed
            self._until_s = time.monotonic() + self._most_s
        if time.monotonic() > self._until_s and not self._cut:
            self._cut = True
            sys.settrace(self._before)
        return self._cut

    def _keep(self, call):
        (self._first if len(self._first) < MOST_CALLS else self._last).append(call)

    def _place(self, code):
        if code.co_name.startswith("<"):
            return None
        for number, function in enumerate(self._functions):
            first, last = function["first"], function["last"]
            if code.co_filename == function["path"] and first <= code.co_firstlineno <= last:
                if number not in self._blocks:
                    self._blocks[number] = Blocks(function["path"], first, last)
                inner = "" if code.co_firstlineno == first else ".<locals>." + code.co_name
                return number, function["name"] + inner, self._blocks[number]
        return None


class _Call:
    """What is known of one call; its frame is not held on to."""

    def __init__(self, number, function, name, blocks, frame):
        self._number = number
        self._function = function
        self._name = name
        self._starts = blocks
        self._blocks = []
        self._tail = collections.deque(maxlen=LAST)
        self._count = 0
        self._lines = []
        self._line = None
        self._raised = None
        self._just_raised = False
        """No line has run since."""
        self._end = ["unfinished", ""]
        self._items = []
        code = frame.f_code
        count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
        self._names = [*code.co_varnames, *code.co_cellvars, *code.co_freevars]
        values = self._values(frame)
        names = [name for name in code.co_varnames[:count] if name in values]
        self._arguments = [[name, values[name]] for name in names]
        self._values_before = values

    def line(self, frame):
        """A line is about to run."""
        line = frame.f_lineno
        if self._lines and self._starts.begins(line, self._line):
            self._close(frame)
        self._just_raised = False
        self._line = line
        if line not in self._lines:
            self._lines.append(line)

    def raises(self, error):
        """An exception came up."""
        self._raised = glimpse(error, 200)
        self._just_raised = True

    def leaves(self, frame, value):
        """It returns, raises or is suspended; whether that is its end."""
        if (value is not None or not self._just_raised) and suspends(frame):
            item = glimpse(value)
            self._close(frame, [["(yields)", item]])
            if len(self._items) < MOST_ITEMS:
                self._items.append(item)
            return False
        if value is None and self._raised is not None and not returns(frame):
            self._end = ["raised", self._raised]
        else:
            self._end = ["returned", glimpse(value, 200)]
        self._close(frame)
        return True

    def _close(self, frame, more=()):
        """The block is over: what has changed in it."""
        values = self._values(frame)
        changed = [[name, text] for name, text in values.items() if self._values_before.get(name) != text]
        self._values_before = values
        block = {"lines": self._lines[:MOST_LINES], "changed": [*changed[:MOST_CHANGED], *more]}
        self._lines = []
        self._count += 1
        if len(self._blocks) < FIRST:
            self._blocks.append(block)
        else:
            self._tail.append(block)

    def _values(self, frame):
        held = frame.f_locals
        return {name: glimpse(held[name]) for name in self._names if name in held}

    def shown(self):
        """As plain JSON values."""
        return {
            "number": self._number,
            "function": self._function,
            "name": self._name,
            "arguments": self._arguments,
            "blocks": self._blocks,
            "last": list(self._tail),
            "count": self._count,
            "items": self._items,
            "at": self._line,
            "end": self._end,
        }


def trace_call(calls, request):
    """One call of a workload's, traced at `functions`; what it returned or raised, too."""
    args, kwargs = calls.make(request["item"], request.get("pool") or ())
    tracer = BlockTracer(request["functions"])
    tracer.start()
    try:
        output = calls.function(*args, **kwargs)
        if type(output) is CoroutineType:
            output = awaited(output)
        elif type(output) is GeneratorType:
            output = [item for item, _ in zip(output, range(MOST_DRAWN))]
        end = ["returned", output]
    except (Exception, SystemExit) as error:
        end = ["raised", error]
    finally:
        tracer.stop()
    return dict(tracer.found(), end=[end[0], glimpse(end[1], 200)])

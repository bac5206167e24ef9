"""A stack sampler: where a process spends its processor time, seen from the project's own frames.

A timer on the process's CPU time (`ITIMER_PROF`) interrupts the main thread. The kernel rounds its period up to its own
tick (4 ms on many systems, whatever is asked for), and Python runs a handler only between two bytecodes. So a sample
does not count as one period: it weighs the CPU time that passed since the sample before it, which is exact to the
nanosecond however coarse the tick is and gives a long call into C its whole weight. What other threads used is
shared out among their stacks. A wall-clock timer would be finer but interrupts sleeping system calls and takes
SIGALRM from targets that use it for time limits; a sampling thread would wait for the interpreter lock and see the
places where it is given up instead of the places where time goes.
"""

import functools
import signal
import sys
import threading
import time

PERIOD_S = 0.001
"""Asked for; kernels give their tick where that is longer."""
MOST_STACKS = 50_000
MOST_FRAMES = 2000
OUTSIDE = -1
"""In a stack: code that is not the project's, called by the frame before it."""


def _deafen_threads():
    """Let threads that start from here on block the signal; gives the functions that were replaced, by name.

    The kernel hands it to the thread that uses the processor. Python only takes note of it there and waits for the main
    thread, which does not wake up for it when it is waiting for that very thread.
    """
    replaced = {}
    for name in ("_start_new_thread", "_start_joinable_thread"):
        starter = getattr(threading, name, None)
        if starter is not None:
            replaced[name] = starter
            setattr(threading, name, functools.partial(_start_deaf, starter))
    return replaced


def _start_deaf(starter, *args, **kwargs):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
    try:
        return starter(*args, **kwargs)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Sampler:
    """Samples from `start` to `stop`, any number of times; the counts add up.

    Of the function at `place`, {path, first, last} as the lines of its source, the samples are told apart by line.
    """

    def __init__(self, root="/project", place=None):
        self._prefix = root.rstrip("/") + "/"
        self._place = place
        self._lines = {}
        """line of the place: [CPU seconds in itself, CPU seconds in Python code that it calls, samples]."""
        self._codes = {}
        """id of a code object: (the code object, kept so that its id stays its own, and its index or OUTSIDE)."""
        self._functions = []
        self._indexes = {}
        self._stacks = {}
        self._samples = 0
        self._lost = 0
        self._cpu_s = 0.0
        self._process_s = 0.0
        self._thread_s = 0.0
        self._running = False
        self._sampling = False
        self._before = signal.SIG_DFL
        self._starters = {}

    def start(self):
        """Begin; from the main thread only."""
        self._starters = _deafen_threads()
        self._before = signal.signal(signal.SIGPROF, self._sample)
        self._mark()
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, PERIOD_S, PERIOD_S)

    def resume(self):
        """Take the timer back where the target has used it or the signal for itself; from the main thread only."""
        if not self._running:
            return
        # Bound methods are equal where object and function are, so this sees every other handler.
        if signal.getsignal(signal.SIGPROF) != self._sample or not signal.getitimer(signal.ITIMER_PROF)[1]:
            signal.signal(signal.SIGPROF, self._sample)
            self._mark()
            signal.setitimer(signal.ITIMER_PROF, PERIOD_S, PERIOD_S)

    def stop(self):
        """End and give everything seen so far as plain JSON values.

        `functions`: [path, first line, name] each; `folded`: [[function indexes from the outermost frame in, OUTSIDE
        for code that is not the project's], CPU microseconds, samples] each; `samples`; `cpu_s`; `lost`: samples
        beyond the most stacks that are kept; `lines`: [line, CPU microseconds in itself, in Python code that it calls,
        samples] each, where a place was given.
        """
        if self._running:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._running = False
            for name, starter in self._starters.items():
                setattr(threading, name, starter)
            if signal.getsignal(signal.SIGPROF) == self._sample:
                # A signal may still be on its way; the default action would end the process.
                signal.signal(signal.SIGPROF, signal.SIG_IGN if self._before is signal.SIG_DFL else self._before)
        folded = [[list(stack), round(cpu_s * 1e6), count] for stack, (cpu_s, count) in self._stacks.items()]
        lines = [[n, round(own * 1e6), round(called * 1e6), count] for n, (own, called, count) in self._lines.items()]
        return {
            "functions": self._functions,
            "folded": folded,
            "samples": self._samples,
            "cpu_s": self._cpu_s,
            "lost": self._lost,
            "lines": sorted(lines),
        }

    def _mark(self):
        self._process_s = time.process_time()
        self._thread_s = time.thread_time()

    def _sample(self, _signal, frame):
        # A late handler is itself interrupted by the next signal, which would count time before it that is not over.
        if self._sampling:
            return
        self._sampling = True
        try:
            self._take(frame)
        finally:
            self._sampling = False

    def _take(self, frame):
        process_s, thread_s = time.process_time(), time.thread_time()
        spent_s = process_s - self._process_s
        mine_s = min(thread_s - self._thread_s, spent_s)
        self._process_s, self._thread_s = process_s, thread_s
        self._samples += 1
        self._cpu_s += spent_s
        others = spent_s - mine_s > 0.1 * spent_s and self._others()
        if not others:
            self._count(frame, spent_s)
            return
        if mine_s > 0.1 * spent_s:
            self._count(frame, mine_s)
        for other in others:
            self._count(other, (spent_s - mine_s) / len(others))

    @staticmethod
    def _others():
        mine = threading.get_ident()
        return [frame for ident, frame in sys._current_frames().items() if ident != mine]

    def _count(self, frame, spent_s):
        if self._place is not None:
            self._count_line(frame, spent_s)
        stack = []
        depth = 0
        codes = self._codes
        while frame is not None and depth < MOST_FRAMES:
            code = frame.f_code
            index = codes[id(code)][1] if id(code) in codes else self._index(code)
            # Code of others counts as one leaf below the project's innermost frame; between frames it is left out.
            if index != OUTSIDE or not stack:
                stack.append(index)
            frame = frame.f_back
            depth += 1
        key = tuple(reversed(stack))
        seen = self._stacks.get(key)
        if seen is not None:
            seen[0] += spent_s
            seen[1] += 1
        elif len(self._stacks) < MOST_STACKS:
            self._stacks[key] = [spent_s, 1]
        else:
            self._lost += 1

    def _count_line(self, frame, spent_s):
        """The line of the innermost frame at the place: where a function calls itself, time counts where it ends up."""
        place, below = self._place, 0
        while frame is not None and below < MOST_FRAMES:
            code = frame.f_code
            if code.co_filename == place["path"] and place["first"] <= code.co_firstlineno <= place["last"]:
                seen = self._lines.setdefault(frame.f_lineno or place["first"], [0.0, 0.0, 0])
                seen[below > 0] += spent_s
                seen[2] += 1
                return
            frame = frame.f_back
            below += 1

    def _index(self, code):
        index = OUTSIDE
        if code.co_filename.startswith(self._prefix):
            function = (code.co_filename, code.co_firstlineno, code.co_name)
            index = self._indexes.get(function)
            if index is None:
                index = self._indexes[function] = len(self._functions)
                self._functions.append(list(function))
        self._codes[id(code)] = (code, index)
        return index

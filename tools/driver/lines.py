"""Which of some lines ran: the proof that an edit was reached."""

import sys
import threading

MOST_EVENTS = 200_000
"""Line events after which watching ends: what has not run by then is rare at best, and each event costs time."""


class LineTracer:
    """Watches {absolute path: line numbers} with `sys.settrace`, only where something is left to see.

    `tell(path, number)` is called the first time that a line runs.
    """

    def __init__(self, wanted, tell=None):
        self._tell = tell
        self._left = {path: set(numbers) for path, numbers in wanted.items()}
        self._ran = {path: set() for path in wanted}
        self._events = 0

    def start(self):
        """Watch this thread and those started from here on."""
        threading.settrace(self._call)
        sys.settrace(self._call)

    def ran(self):
        """{path: sorted numbers of wanted lines that ran}."""
        return {path: sorted(numbers) for path, numbers in self._ran.items()}

    def _call(self, frame, _event, _argument):
        code = frame.f_code
        left = self._left.get(code.co_filename)
        if not left or self._events > MOST_EVENTS:
            return None
        ran = self._ran[code.co_filename]
        own = {number for _, _, number in _lines(code) if number in left}
        if not own:
            return None

        def line(frame, event, _argument):
            number = frame.f_lineno
            if event == "line" and number in own:
                own.discard(number)
                left.discard(number)
                ran.add(number)
                if self._tell:
                    self._tell(code.co_filename, number)
            self._events += 1
            return line if own and self._events <= MOST_EVENTS else None

        return line


def _lines(code):
    """(start, end, line) of a code object's instructions."""
    if hasattr(code, "co_lines"):
        return code.co_lines()
    import dis

    return [(None, None, number) for _, number in dis.findlinestarts(code)]

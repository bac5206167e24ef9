"""What a call does besides returning: prints, warnings, log records, files, processes, settings, chance."""

import io
import os
import random
import re
import sys
import warnings
import zlib

from .file_changes import FileChanges

MOST_WARNINGS = 50
MOST_RECORDS = 1000
_EVENTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.kill",
           "socket.connect", "socket.bind", "socket.sendto")  # fmt: skip
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")


class Effects:
    """Watches the calls made inside `with effects:` by an audit hook, redirected streams and the hooks of libraries."""

    def __init__(self):
        self._watching = False
        self._events = []
        self._files = FileChanges()
        self._records = []
        self._logging = None
        sys.addaudithook(self._hook)

    def __enter__(self):
        self._events = []
        self._records = []
        self._files.forget()
        self._environment = dict(os.environ)
        self._folder = os.getcwd()
        self._watch_logging()
        self._warnings = warnings.catch_warnings(record=True)
        self._warned = self._warnings.__enter__()
        warnings.simplefilter("always")
        self._streams = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self._out, self._err = sys.stdout, sys.stderr
        self._watching = True
        return self

    def __exit__(self, *exc):
        self._watching = False
        sys.stdout, sys.stderr = self._streams
        self._warnings.__exit__(*exc)

    def observed(self):
        """Plain JSON, the same for two calls that did the same; names of temporary files and addresses are left out."""
        seen = {
            "stdout": _steady(self._written(self._out)),
            "stderr": _steady(self._written(self._err)),
            "warnings": self._distinct_warnings(),
            "log records": self._records,
            "processes and connections": self._events,
            "files": self._files.observed(),
            "environment": self._environment_changes(),
        }
        if os.getcwd() != self._folder:
            seen["working folder"] = _temporary(os.getcwd())
            os.chdir(self._folder)
        version, words, spare = random.getstate()
        seen["random state"] = [version, hash(words) & 0xFFFFFFFF, repr(spare)]
        numpy_random = sys.modules.get("numpy.random")
        if numpy_random is not None:
            state = numpy_random.get_state()
            seen["NumPy's random state"] = [zlib.crc32(state[1].tobytes()), int(state[2])]
        return {name: found for name, found in seen.items() if found not in ("", [])}

    def _environment_changes(self):
        now = dict(os.environ)
        if now == self._environment:
            return []
        names = set(now) | set(self._environment)
        return sorted([key, now.get(key)] for key in names if now.get(key) != self._environment.get(key))

    @staticmethod
    def _written(stream):
        return "(closed)" if stream.closed else stream.getvalue()

    def _distinct_warnings(self):
        """Each once: by default that is what is shown of a warning, however often it is given."""
        found = []
        for warned in self._warned[:10_000]:
            one = [warned.category.__name__, _steady(str(warned.message))]
            if one not in found and len(found) < MOST_WARNINGS:
                found.append(one)
        return found

    def _watch_logging(self):
        """From the first call after the target imported `logging`: every record that its loggers let through."""
        logging = sys.modules.get("logging")
        if logging is None or self._logging is not None:
            return
        self._logging = logging
        make = logging.getLogRecordFactory()

        def record(*args, **kwargs):
            made = make(*args, **kwargs)
            if self._watching and len(self._records) < MOST_RECORDS:
                try:
                    text = made.getMessage()
                except Exception as error:
                    text = "(%s)" % type(error).__name__
                self._records.append([made.name, made.levelname, _steady(text)])
            return made

        logging.setLogRecordFactory(record)
        if not logging.root.handlers:
            logging.root.addHandler(logging.NullHandler())

    def _hook(self, event, args):
        if not self._watching:
            return
        if event in _EVENTS:
            self._events.append([event, [_temporary(arg) for arg in args[:3]]])
        else:
            self._files.see(event, args)


def _steady(text):
    return _ADDRESS.sub("0x…", text)


def _temporary(value):
    text = os.fsdecode(value) if isinstance(value, bytes) else str(value)
    return "(temporary)" if text.startswith("/tmp/") else _steady(text[:200])

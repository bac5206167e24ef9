"""What a call does besides returning: prints, files, processes, connections."""

import hashlib
import io
import os
import sys

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_EVENTS = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate",
           "subprocess.Popen", "os.system", "os.exec", "os.fork", "socket.connect", "socket.bind")  # fmt: skip


class Effects:
    """Watches the calls made inside `with effects:` by an audit hook and redirected streams."""

    def __init__(self):
        self._watching = False
        self._events = []
        self._written = set()
        self._streams = None
        sys.addaudithook(self._hook)

    def __enter__(self):
        self._events = []
        self._written = set()
        self._environment = dict(os.environ)
        self._folder = os.getcwd()
        self._streams = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self._out, self._err = sys.stdout, sys.stderr
        self._watching = True
        return self

    def __exit__(self, *exc):
        self._watching = False
        sys.stdout, sys.stderr = self._streams

    def observed(self):
        """Plain JSON, the same for two calls that did the same; names of temporary files are left out."""
        seen = {"stdout": self._out.getvalue(), "stderr": self._err.getvalue()}
        if self._events:
            seen["events"] = self._events
        files = sorted(filter(None, (self._content(path) for path in self._written)))
        if files:
            seen["files"] = files
        changed = {k: os.environ.get(k) for k in set(os.environ) | set(self._environment)
                   if os.environ.get(k) != self._environment.get(k)}  # fmt: skip
        if changed:
            seen["environment"] = sorted(changed.items())
        if os.getcwd() != self._folder:
            seen["folder"] = os.getcwd()
            os.chdir(self._folder)
        return seen

    def _hook(self, event, args):
        if not self._watching:
            return
        if event == "open":
            path, mode, flags = args
            by_mode = isinstance(mode, str) and any(letter in mode for letter in "wax+")
            by_flags = isinstance(flags, int) and flags & _WRITES
            if (by_mode or by_flags) and isinstance(path, (str, bytes)):
                self._written.add(os.path.abspath(os.fsdecode(path)))
        elif event in _EVENTS:
            self._events.append([event, [_steady(arg) for arg in args[:3]]])

    @staticmethod
    def _content(path):
        name = "(temporary)" if path.startswith("/tmp/") else path
        try:
            with open(path, "rb") as file:
                return [name, hashlib.sha256(file.read()).hexdigest()]
        except OSError:
            return [name, "(gone)"]


def _steady(value):
    text = os.fsdecode(value) if isinstance(value, bytes) else str(value)
    return "(temporary)" if text.startswith("/tmp/") else text[:200]

"""What a call does besides returning: prints, files, processes, connections, the process's own settings."""

import builtins
import gc
import hashlib
import io
import os
import sys
import threading
import time

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_EVENTS = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate",
           "subprocess.Popen", "os.system", "os.exec", "os.fork", "socket.connect", "socket.bind")  # fmt: skip
_WATCHED = (builtins, time, gc, sys, threading, os, io)


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


class ProcessState:
    """The settings of this process that honest code leaves alone."""

    def __init__(self):
        self._threads = threading.active_count()
        self._bindings = {
            (module.__name__, name): id(value)
            for module in _WATCHED
            for name, value in vars(module).items()
            if callable(value)
        }

    def changes(self):
        """Sentences, one for each setting that is not as it was."""
        found = []
        if not gc.isenabled():
            found.append("garbage collection is switched off")
        if threading.active_count() > self._threads:
            found.append("%d thread(s) outlive the call" % (threading.active_count() - self._threads))
        for module in _WATCHED:
            names = [name for name in vars(module) if (module.__name__, name) in self._bindings
                     and id(vars(module)[name]) != self._bindings[module.__name__, name]]  # fmt: skip
            names = [name for name in names if name not in ("stdout", "stderr", "stdin", "_")]
            found.extend("%s.%s is replaced" % (module.__name__, name) for name in sorted(names))
        return found

    @staticmethod
    def settings():
        """Numbers that two sides must have in common."""
        return {
            "recursion limit": sys.getrecursionlimit(),
            "switch interval": sys.getswitchinterval(),
            "priority": os.getpriority(os.PRIO_PROCESS, 0),
            "gc thresholds": list(gc.get_threshold()),
            "cores": sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [],
            "trace": repr(type(sys.getprofile())),
        }

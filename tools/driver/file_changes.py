"""What a call left changed in the file system: only the outcome counts, not the steps that led to it."""

import hashlib
import os
import stat

MOST_PATHS = 1000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_PATHS = {"os.remove": 1, "os.rmdir": 1, "os.mkdir": 1, "os.chmod": 1, "os.truncate": 1, "os.rename": 2, "os.link": 2,
          "os.symlink": 2, "os.utime": 1, "os.chown": 1, "shutil.rmtree": 1}  # fmt: skip


class FileChanges:
    """Notes what stood at each path before a call first touches it.

    A file that is made and removed again, or written with what it held, is no change.
    """

    def __init__(self):
        self._before = {}
        self._looking = False

    def forget(self):
        """Begin anew."""
        self._before = {}

    def see(self, event, args):
        """One audit event; the call that it announces has not happened yet."""
        if self._looking:
            return
        if event == "open":
            path, mode, flags = args
            by_mode = isinstance(mode, str) and any(letter in mode for letter in "wax+")
            if by_mode or (isinstance(flags, int) and flags & _WRITES):
                self._note(path)
        elif event in _PATHS:
            for path in args[: _PATHS[event]]:
                self._note(path)

    def observed(self):
        """[[path, what stands there now], ...] of those that are not as they were; temporary names are left out."""
        found = []
        for path, before in self._before.items():
            now = self._look(path)
            if now != before:
                found.append(["(temporary)" if path.startswith("/tmp/") else path, now])
        return sorted(found, key=str)

    def _note(self, path):
        if isinstance(path, (str, bytes)) and path and len(self._before) < MOST_PATHS:
            path = os.path.abspath(os.fsdecode(path))
            if path not in self._before and not path.startswith("/dev/"):
                self._before[path] = self._look(path)

    def _look(self, path):
        self._looking = True
        try:
            status = os.lstat(path)
            mode = "%o" % stat.S_IMODE(status.st_mode)
            if stat.S_ISLNK(status.st_mode):
                return ["link", os.readlink(path)]
            if not stat.S_ISREG(status.st_mode):
                return ["folder" if stat.S_ISDIR(status.st_mode) else "special", mode]
            with open(path, "rb") as file:
                return ["file", mode, status.st_size, hashlib.sha256(file.read()).hexdigest()]
        except OSError:
            return ["nothing"]
        finally:
            self._looking = False

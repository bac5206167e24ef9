"""Counts the instructions of each line that commands run, under valgrind's callgrind, and reads what it writes."""

import os
import subprocess

FOLDER = "/tmp/.hasten-callgrind"
VALGRIND = ("valgrind", "--tool=callgrind", "--vgdb=no", "--trace-children=yes", "--dump-line=yes")


def counted(commands, root):
    """(own, calls): see `read`; both None where valgrind cannot be run."""
    os.mkdir(FOLDER)
    for command in commands:
        try:
            subprocess.run(
                [*VALGRIND, "--callgrind-out-file=%s/%%p" % FOLDER, "/bin/sh", "-c", command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except OSError:
            return None, None
    own, calls = {}, {}
    for name in sorted(os.listdir(FOLDER)):
        with open(os.path.join(FOLDER, name), encoding="utf-8", errors="replace") as file:
            read(file, root, own, calls)
    table = [[path, sorted(lines.items())] for path, lines in sorted(own.items())]
    return table, [[*place, spent] for place, spent in sorted(calls.items())]


def read(lines, project, own, calls):
    """Add one of callgrind's files to `own` and `calls`.

    `own` is {path: {line: instructions}}, calls of code outside the project included; `calls` is {(path, line, callee's
    path, callee's line): instructions} within it. Paths are relative to the `project`, the repository's root.
    """
    reader = _Reader(project, own, calls)
    for text in lines:
        reader.take(text.strip())


class _Reader:
    """Callgrind's format: a function's file, then lines with their cost; a call's cost stands on the line after it."""

    def __init__(self, project, own, calls):
        self._project, self._own, self._calls = project, own, calls
        self._names = {}
        self._file = self._callee = None
        self._named = False
        self._line = 0
        self._target = None

    def take(self, text):
        """One line of the file."""
        key, equals, value = text.partition("=")
        if equals and key in ("fl", "fi", "fe"):
            self._file = self._path(value)
        elif equals and key in ("cfi", "cfl"):
            self._callee, self._named = self._path(value), True
        elif equals and key == "calls":
            self._target = _position(value.split()[1], self._line)
        elif text[:1] and text[0] in "0123456789+-*":
            self._cost(text.split())

    def _cost(self, words):
        self._line = _position(words[0], self._line)
        spent = int(words[1]) if len(words) > 1 else 0
        called, target = self._target is not None, self._target
        callee = self._callee if self._named else self._file
        if called:
            self._target, self._callee, self._named = None, None, False
        if not self._file:
            return
        if called and callee:
            place = (self._file, self._line, callee, target)
            self._calls[place] = self._calls.get(place, 0) + spent
        else:
            counts = self._own.setdefault(self._file, {})
            counts[self._line] = counts.get(self._line, 0) + spent

    def _path(self, value):
        """The path within the project; `(12) name` where a name comes first and `(12)` for it later."""
        number, _, name = value.partition(" ")
        if name:
            self._names[number] = _inside(name, self._project)
        return self._names.get(number)


def _position(word, last):
    if word == "*":
        return last
    return last + int(word) if word[0] in "+-" else int(word)


def _inside(path, project):
    place = os.path.relpath(os.path.realpath(os.path.join(project, path)), project)
    return None if place.startswith("..") or not os.path.isfile(os.path.join(project, place)) else place

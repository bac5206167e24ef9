"""Reads how often each line of a program ran that was built with a compiler's counters (`--coverage`)."""

import os
import re
import subprocess

MOST_FILES = 2000
_LINE = re.compile(r"\s*([^:]+):\s*(\d+):(.*)")


def executed(project, clang):
    """(path, {line: count}) for each source file that has code; files outside the project are left out."""
    found = {}
    notes = list(_notes(project))[:MOST_FILES]
    for folder, names in _by_folder(notes).items():
        tool = ["llvm-cov", "gcov"] if clang else ["gcov"]
        try:
            done = subprocess.run(
                [*tool, "-t", *names],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except OSError:
            continue  # the tool is not there: nothing is known
        read(done.stdout.decode("utf-8", "replace"), folder, project, found)
    return sorted(found.items())


def read(text, folder, project, found):
    """Add what gcov printed to `found`: {path within the project: {line: count}}."""
    path, working = None, folder
    counts = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        count, number, rest = match.group(1).strip(), int(match.group(2)), match.group(3)
        if number == 0:
            name, _, value = rest.partition(":")
            if name == "Source":
                path, working = value, folder
                counts = {}
            elif name == "Working directory":
                working = value
            inside = path and os.path.relpath(os.path.realpath(os.path.join(working, path)), project)
            if inside and not inside.startswith(".."):
                counts = found.setdefault(inside, {})
            continue
        if count == "-" or path is None:
            continue
        times = 0 if count[0] in "#=" else int(re.sub(r"\D", "", count) or 0)
        counts[number] = counts.get(number, 0) + times
    return found


def _notes(project):
    for folder, _, names in os.walk(project):
        for name in sorted(names):
            if name.endswith(".gcda"):
                yield os.path.join(folder, name)


def _by_folder(paths):
    folders = {}
    for path in paths:
        folders.setdefault(os.path.dirname(path), []).append(os.path.basename(path))
    return folders

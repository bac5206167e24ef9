"""Reads how often each line of a program ran that was built with a compiler's counters (`--coverage`)."""

import os
import re
import subprocess

MOST_FILES = 2000
_LINE = re.compile(r"\s*([^:]+):\s*(\d+):(.*)")


def executed(project, clang):
    """(path, {line: count}) for each source file that has code; files outside the project are left out."""
    found = {}
    tool = ["llvm-cov", "gcov"] if clang else ["gcov"]
    for place, notes in _by_folder(list(_notes(project))[:MOST_FILES]).items():
        # clang names sources as they were named to it, and where that was is not known: in a folder around the object.
        for folder in _around(place, project):
            try:
                done = subprocess.run(
                    [*tool, "-t", *notes],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    check=False,
                )
            except OSError:
                return []  # the tool is not there: nothing is known
            if read(done.stdout.decode("utf-8", "replace"), folder, project, found):
                break
    return sorted(found.items())


def read(text, folder, project, found):
    """Add what gcov printed to `found`, {path within the project: {line: count}}; how many lines it counted."""
    path, working, counted = "", folder, 0
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        count, number, rest = match.group(1).strip(), int(match.group(2)), match.group(3)
        if number == 0:
            name, _, value = rest.partition(":")
            if name == "Source":
                path, working = value, folder
            elif name == "Working directory":
                working = value
        elif count != "-":
            counted += 1
            inside = _inside(os.path.join(working, path), project)
            if inside:
                counts = found.setdefault(inside, {})
                times = 0 if count[0] in "#=" else int(re.sub(r"\D", "", count) or 0)
                counts[number] = counts.get(number, 0) + times
    return counted


def _inside(path, project):
    """A path from the project's root; None outside of it."""
    place = os.path.relpath(os.path.realpath(path), project)
    return None if place.startswith("..") else place


def _around(folder, project):
    """A folder and those around it, up to the project's."""
    yield folder
    while folder.startswith(project + "/"):
        folder = os.path.dirname(folder)
        yield folder


def _notes(project):
    for folder, _, names in os.walk(project):
        for name in sorted(names):
            if name.endswith(".gcda"):
                yield os.path.join(folder, name)


def _by_folder(paths):
    folders = {}
    for path in paths:
        folders.setdefault(os.path.dirname(path), []).append(path)
    return folders

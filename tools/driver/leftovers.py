"""What calls left in the sandbox: lines on the standard output, files in /tmp."""

import os

MOST_FILES = 10_000


def printed_lines(path):
    """Lines on the standard output so far, which is the file at `path`."""
    try:
        with open(path, "rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return -1


def files_in_tmp(own):
    """How many files stand in /tmp that the driver has not put there; `own` is the name of one that it has."""
    found = 0
    for _, _, names in os.walk("/tmp"):
        found += sum(1 for name in names if not name.startswith((".hasten-", own)))
        if found > MOST_FILES:
            break
    return found

"""Looks for a regular expression in texts, as a process of its own: Python cannot interrupt one that runs away.

Reads a marshalled request from its input and writes the marshalled lines it found. Standard library only, and no other
module of Hasten: it is run as a file.
"""

import marshal
import re
import resource
import sys

MOST_MEMORY_BYTES = 2 * 1024 * 1024 * 1024


def matches(text: str, pattern: "re.Pattern[str]", most: int) -> "tuple[int, list[int]]":
    """How many lines have a match, and the numbers of the first `most` of them."""
    found: list[int] = []
    count, last = 0, 0
    line, at = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if line != last:
            count += 1
            last = line
            if len(found) < most:
                found.append(line)
    return count, found


def main() -> None:
    """One request: (pattern, flags, most lines a file, [(path, text)])."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    source, flags, most, files = marshal.load(sys.stdin.buffer)
    pattern = re.compile(source, flags)
    found = []
    for path, text in files:
        count, lines = matches(text, pattern, most)
        if count:
            found.append((path, count, lines))
    marshal.dump(found, sys.stdout.buffer)


if __name__ == "__main__":
    main()

import re


def other():
    return 1


# Finds numbers.
def target(lines):
    out = []
    for line in lines:
        found = re.match(r"\s*(\d+)", line, re.ASCII | re.I)
        if found:
            out.append(re.sub(pattern="x", repl="y", string=found.group(1), count=2))
    return out
# ==== after
import re


def other():
    return 1


_TARGET_PATTERN = re.compile(r"\s*(\d+)", re.ASCII | re.I)


# Finds numbers.
def target(lines):
    out = []
    for line in lines:
        found = _TARGET_PATTERN.match(line)
        if found:
            out.append(re.sub(pattern="x", repl="y", string=found.group(1), count=2))
    return out
# ==== inputs
large, faster = 5000, 1.15


def inputs(random, size):
    return ([f" {random.randrange(1000)}x" for _ in range(size)],)

def target(line):
    line = str(line)
    if line.strip().lower() == "a":
        return 1
    elif line.strip().lower() in ("b", "c"):
        return 2
    return line.strip().lower()
# ==== after
def target(line):
    line = str(line)
    line_strip_lower = line.strip().lower()
    if line_strip_lower == "a":
        return 1
    elif line_strip_lower in ("b", "c"):
        return 2
    return line_strip_lower
# ==== inputs
large, faster = 20000, 1.1


def inputs(random, size):
    return (" x " * size,)

def target(lines):
    out = []
    for line in lines:
        out.append(str(line).translate(str.maketrans("-_/", "   ")))
    return out
# ==== after
_TRANSLATION = str.maketrans("-_/", "   ")


def target(lines):
    out = []
    for line in lines:
        out.append(str(line).translate(_TRANSLATION))
    return out
# ==== inputs
large, faster = 200, 1.1


def inputs(random, size):
    return (["".join(random.choice("ab-_/") for _ in range(9)) for _ in range(size)],)

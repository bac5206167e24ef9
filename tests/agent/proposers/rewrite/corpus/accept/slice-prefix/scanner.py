def target(text):
    found = []
    pos = 0
    while pos < len(text):
        if text[pos:].startswith("<!"):
            found.append(pos)
        if text[pos + 1:].startswith(("a", "b")):
            found.append(-pos)
        pos += 1
    return found
# ==== after
def target(text):
    found = []
    pos = 0
    while pos < len(text):
        if text.startswith("<!", pos):
            found.append(pos)
        if text[pos + 1:].startswith(("a", "b")):
            found.append(-pos)
        pos += 1
    return found
# ==== inputs
large, faster = 5000, 1.1


def inputs(random, size):
    return ("".join(random.choice("<!ab") for _ in range(size)),)

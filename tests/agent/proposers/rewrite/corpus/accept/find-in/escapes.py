def target(lines):
    out = []
    for line in lines:
        if line.find("=") != -1 and line.find("#") < 0:
            out.append(line)
    return out
# ==== after
def target(lines):
    out = []
    for line in lines:
        if "=" in line and line.find("#") < 0:
            out.append(line)
    return out
# ==== inputs
large, faster = 300, 1.1


def inputs(random, size):
    return (["".join(random.choice("ab=#") for _ in range(4)) for _ in range(size)],)

def target(left: list, right: list):
    for a in left:
        for b in right:
            if b["k"] == a:
                print(b["k"], end="")
    return len(right)
# ==== after
def target(left: list, right: list):
    right_by_k = {}
    for b in right:
        right_by_k.setdefault(b["k"], []).append(b)
    for a in left:
        for b in right_by_k.get(a, ()):
            if b["k"] == a:
                print(b["k"], end="")
    return len(right)
# ==== inputs
large, faster = 300, 2.0


def inputs(random, size):
    return list(range(size)), [{"k": i + size} for i in range(size)]

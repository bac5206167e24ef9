def target(left, right):
    return [(a, b) for a in left for b in right if a % 7 == b % 7 or a == b], [
        (a, b) for a in left for b in right if b == a
    ]
# ==== after
def target(left, right):
    right_by_b = {}
    for b in right:
        right_by_b.setdefault(b, []).append(b)
    return [(a, b) for a in left for b in right if a % 7 == b % 7 or a == b], [
        (a, b) for a in left for b in right_by_b.get(a, ()) if b == a
    ]
# ==== inputs
large, faster = 300, 1.1


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], [random.randrange(size) for _ in range(size)]

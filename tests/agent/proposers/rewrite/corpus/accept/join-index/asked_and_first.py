def target(left: list[int], right: list[tuple[int, str]]):
    known = [a for a in left if any(key == a for key, _ in right)]
    return known, [next((name for key, name in right if a == key), None) for a in left]
# ==== after
def target(left: list[int], right: list[tuple[int, str]]):
    right_by_key = {}
    for key, _ in right:
        right_by_key.setdefault(key, []).append((key, _))
    known = [a for a in left if any(key == a for key, _ in right_by_key.get(a, ()))]
    return known, [next((name for key, name in right if a == key), None) for a in left]
# ==== inputs
large, faster = 400, 1.2


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], [(random.randrange(size), str(i)) for i in range(size)]

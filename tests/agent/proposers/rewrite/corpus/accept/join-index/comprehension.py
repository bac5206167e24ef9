def target(left: list[str], right: list[str]):
    return [(i, b) for i, a in enumerate(left) for b in right if b[0] == a[0] and b > a]
# ==== after
def target(left: list[str], right: list[str]):
    right_by_key = {}
    for b in right:
        right_by_key.setdefault(b[0], []).append(b)
    return [(i, b) for i, a in enumerate(left) for b in right_by_key.get(a[0], ()) if b[0] == a[0] and b > a]
# ==== inputs
large, faster = 500, 5.0


def inputs(random, size):
    words = [chr(200 + random.randrange(size + 1)) + str(i) for i in range(size)]
    return words, random.sample(words, len(words))

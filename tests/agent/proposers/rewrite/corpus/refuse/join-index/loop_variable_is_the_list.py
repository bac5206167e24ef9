def target(left: list, right: list):
    return [(a, right) for a in left for right in right if right == a]

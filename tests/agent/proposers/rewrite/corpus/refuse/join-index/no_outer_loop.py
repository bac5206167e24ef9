def target(k, right: list):
    for b in right:
        if b.k == k:
            return b
    return None

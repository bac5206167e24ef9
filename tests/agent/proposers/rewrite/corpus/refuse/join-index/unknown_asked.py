def target(left, right):
    return [a for a in left if any(b.k == a.k for b in right)]

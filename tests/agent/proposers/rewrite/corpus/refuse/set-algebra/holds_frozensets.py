def target(groups):
    known = {frozenset({1}), frozenset({2})}
    return any(group in known for group in groups)

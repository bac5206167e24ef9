def target(pairs, other):
    table = dict(pairs)
    return [other[key] for key in table]

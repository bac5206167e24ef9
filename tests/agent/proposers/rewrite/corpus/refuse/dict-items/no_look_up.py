def target(pairs):
    table = dict(pairs)
    return [key for key in table]

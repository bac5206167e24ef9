def target(pairs):
    table = list(pairs)
    return [table[key] for key in table]

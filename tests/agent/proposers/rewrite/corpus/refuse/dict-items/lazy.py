def target(pairs):
    table = dict(pairs)
    return (table[key] for key in table)

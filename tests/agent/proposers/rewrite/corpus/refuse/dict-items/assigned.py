def target(pairs):
    table = dict(pairs)
    for key in table:
        table[key] = table[key] + 1
    return table

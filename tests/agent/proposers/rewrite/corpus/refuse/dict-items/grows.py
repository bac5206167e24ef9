def target(pairs):
    table = dict(pairs)
    for key in table:
        if table[key]:
            table.update(a=1)
    return table

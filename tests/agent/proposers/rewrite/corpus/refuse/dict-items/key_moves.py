def target(pairs):
    table = dict(pairs)
    out = []
    for key in table:
        key = key.lower()
        out.append(table[key])
    return out

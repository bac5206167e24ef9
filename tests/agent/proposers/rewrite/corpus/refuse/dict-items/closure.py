def target(pairs):
    table = dict(pairs)
    out = []
    for key in table:
        out.append(lambda: table[key])
    return out

def target(pairs, key):
    table = dict(pairs)
    value = 0
    try:
        return table[key]
    except KeyError:
        value = None
    return value

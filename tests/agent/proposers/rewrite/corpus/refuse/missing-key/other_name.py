def target(pairs, key):
    table = dict(pairs)
    value = other = 0
    try:
        value = table[key]
    except KeyError:
        other = None
    return value, other

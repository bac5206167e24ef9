def target(pairs, key):
    table = dict(pairs)
    try:
        value = table[key]
        value = table[value]
    except KeyError:
        value = None
    return value

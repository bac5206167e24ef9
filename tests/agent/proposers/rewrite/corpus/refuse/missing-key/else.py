def target(pairs, key):
    table = dict(pairs)
    try:
        value = table[key]
    except KeyError:
        value = None
    else:
        value = 1
    return value

def target(pairs, key):
    table = dict(pairs)
    try:
        value = table[key]
    except IndexError:
        value = None
    return value

def target(pairs, key, make):
    table = dict(pairs)
    try:
        value = table[key]
    except KeyError:
        value = make()
    return value

def target(pairs, key):
    table = dict(pairs)
    if pairs:
        default = 1
    try:
        value = table[key]
    except KeyError:
        value = default
    return value

def target(pairs, key):
    table = dict(pairs)
    try:
        value = table[key]
    except KeyError as error:
        value = None
    return value

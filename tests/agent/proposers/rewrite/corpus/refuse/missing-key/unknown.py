def target(table, key):
    try:
        value = table[key]
    except KeyError:
        value = None
    return value

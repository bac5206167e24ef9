def target(pairs, key):
    global value
    table = dict(pairs)
    try:
        value = table[key]
    except KeyError:
        value = None

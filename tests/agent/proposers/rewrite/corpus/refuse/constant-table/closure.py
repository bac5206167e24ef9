def target(keys):
    table = {"a": 1, "b": 2, "c": 3, "d": 4}
    return sorted(keys, key=lambda key: table[key])

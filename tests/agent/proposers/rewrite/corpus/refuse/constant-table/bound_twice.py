def target(key):
    table = {"a": 1, "b": 2, "c": 3, "d": 4}
    if key:
        table = {}
    return table["a"]

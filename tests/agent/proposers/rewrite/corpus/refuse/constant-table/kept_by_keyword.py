def target(key):
    table = {"a": 1, "b": 2, "c": 3, "d": 4}
    return dict(table=table, got=table[key])

def target(rows, key):
    return sorted(rows, key=key)[-1]

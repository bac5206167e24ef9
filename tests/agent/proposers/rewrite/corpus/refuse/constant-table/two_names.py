def target(key):
    rows = other = [1, 2, 3, 4, 5]
    other.append(key)
    return rows[-1]

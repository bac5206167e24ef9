def target(values):
    ordered = []
    for value in values:
        ordered.append(value)
        ordered.sort()
        ordered[0] = value
    return ordered

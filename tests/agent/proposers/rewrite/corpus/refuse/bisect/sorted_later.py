def target(values):
    ordered = []
    for value in values:
        ordered.append(value)
    ordered.sort()
    return ordered

def target(values):
    ordered = []
    for value in values:
        ordered.append(float(value))
        ordered.sort()
    return ordered

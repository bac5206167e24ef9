def target(values):
    ordered = other = []
    for value in values:
        ordered.append(value)
        ordered.sort()
    return other

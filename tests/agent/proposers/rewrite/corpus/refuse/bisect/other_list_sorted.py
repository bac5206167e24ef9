def target(values, other):
    ordered = []
    for value in values:
        ordered.append(value)
        other.sort()
    return ordered

def target(values):
    ordered = []
    for value in values:
        ordered.append(value)
        ordered.sort()
        ordered.extend(values)
    return ordered

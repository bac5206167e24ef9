def target(values, start):
    ordered = list(start)
    for value in values:
        ordered.append(value)
        ordered.sort()
    return ordered

def target(values):
    ordered = []
    for value in values:
        ordered.append(len(ordered))
        ordered.sort()
    return ordered

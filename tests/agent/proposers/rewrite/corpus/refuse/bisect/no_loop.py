def target(value):
    ordered = []
    ordered.append(value)
    ordered.sort()
    return ordered

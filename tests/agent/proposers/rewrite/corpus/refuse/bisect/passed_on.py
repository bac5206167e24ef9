def target(values, use):
    ordered = []
    for value in values:
        use(ordered)
        ordered.append(value)
        ordered.sort()
    return ordered

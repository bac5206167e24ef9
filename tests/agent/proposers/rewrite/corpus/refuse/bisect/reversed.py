def target(values):
    ordered = sorted(values, reverse=True)
    return [sum(1 for value in ordered if value < limit) for limit in values]

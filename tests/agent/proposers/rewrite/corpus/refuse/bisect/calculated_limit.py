def target(values, limit):
    ordered = sorted(values)
    return sum(1 for value in ordered if value < limit())

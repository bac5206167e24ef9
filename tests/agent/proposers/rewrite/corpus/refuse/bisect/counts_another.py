def target(values, others):
    ordered = sorted(values)
    return sum(1 for value in others if value < ordered[0])

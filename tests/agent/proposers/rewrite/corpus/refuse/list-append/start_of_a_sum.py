def target(steps):
    path = []
    kept = []
    for step in steps:
        path = path + [step]
        kept.append(sum([], path))
    return kept

def target(steps):
    path = []
    best = [100]
    for step in steps:
        path = path + [step]
        best = min(best, path, key=sum)
    return best

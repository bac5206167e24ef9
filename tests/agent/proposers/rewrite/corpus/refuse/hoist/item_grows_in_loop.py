def target(xs):
    i = 0
    while i < len(xs[0]):
        if i < 3:
            xs[0].append(i)
        i += 1
    return i

def target(most):
    rows = ([1], [2])
    i = 0
    while i < len(rows[0]):
        if i < most:
            rows[0].append(i)
        i += 1
    return i

def target(rows, first, second):
    left = rows[first]
    right = rows[second]  # the same row, where both numbers are
    out = []
    for i in range(len(left)):
        right[-1] = i
        out.append(left[i])
    return out

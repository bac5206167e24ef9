def target(rows):
    for i in range(len(rows)):
        if rows[i]:
            rows[i - 1] = 0
    return rows

def target(rows):
    for i in range(len(rows)):
        if rows[i]:
            del rows[i]
            break
    return rows

def target(rows):
    for i in range(len(rows)):
        if rows[i]:
            rows.append(1)

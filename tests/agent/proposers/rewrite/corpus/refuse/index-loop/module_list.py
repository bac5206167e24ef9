ROWS = [1, 2]


def target(rows):
    return [ROWS[i] for i in range(len(ROWS))]

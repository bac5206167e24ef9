def target(rows, range):
    return [rows[i] for i in range(len(rows))]

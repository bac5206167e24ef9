def target(rows):
    return [rows[i] for i in range(1, len(rows))]

def target(pairs):
    rows = dict(pairs)
    return [rows[i] for i in range(len(rows))]

def target(rows, reversed):
    return sorted(rows)[-1], reversed

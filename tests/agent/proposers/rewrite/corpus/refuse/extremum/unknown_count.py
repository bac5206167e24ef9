def target(rows, n):
    # may be negative, or nearly all of them
    return sorted(rows)[:n]

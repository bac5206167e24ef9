def target(rows: list, up):
    # at most one of them is ever made
    if up:
        return max(rows)
    else:
        return max(rows) - 1

def target(rows: list, check):
    # `check` may raise before, or change the rows
    return check(rows) + sum(rows) + sum(rows)

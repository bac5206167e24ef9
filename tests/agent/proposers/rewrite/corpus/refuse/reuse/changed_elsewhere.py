def target(rows: list, refill):
    first = sum(rows)
    refill()
    return first + sum(rows)

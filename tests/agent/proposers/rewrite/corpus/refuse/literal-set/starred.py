def target(rows, more):
    return [row for row in rows if row in ("a", "b", "c", "d", *more)]

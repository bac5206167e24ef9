def target(rows, a, b, c, d):
    # their elements may be unhashable
    return [row for row in rows if row in (a, b, c, d)]

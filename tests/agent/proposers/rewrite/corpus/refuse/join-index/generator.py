def target(left: list, rows):
    # the first item of `left` uses the generator up
    right = (row for row in rows if row)
    return [(a, b) for a in left for b in right if a.k == b.k]

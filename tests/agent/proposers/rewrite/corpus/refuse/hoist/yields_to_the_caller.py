def target(rows, wanted):
    rows = list(rows)
    yield rows
    for want in wanted:
        rows.append(want)
        yield want in set(rows)

def target(rows: list):
    at = 0
    while at < len(rows):
        yield rows[at]
        at += 1

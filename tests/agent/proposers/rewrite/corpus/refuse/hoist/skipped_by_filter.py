def target(rows, wanted):
    rows = list(rows)
    return [want / max(rows) for want in wanted if want]

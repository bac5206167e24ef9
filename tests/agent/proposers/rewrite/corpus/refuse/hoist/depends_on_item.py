def target(rows: list, wanted):
    return [max(rows, key=lambda row: row[want]) for want in wanted]

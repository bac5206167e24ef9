def target(rows: list, wanted):
    # each item gets a list of its own
    return [sorted(rows) for want in wanted]

def target(rows: list, wanted):
    # `max` of nothing raises, and here it may never be asked
    out = []
    for want in wanted:
        if rows:
            out.append(max(rows))
    return out

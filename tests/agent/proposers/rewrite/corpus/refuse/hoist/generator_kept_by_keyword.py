def target(rows: list, wanted):
    kept = dict(sums=(want + sum(rows) for want in wanted))
    rows.append(1)
    return list(kept["sums"])

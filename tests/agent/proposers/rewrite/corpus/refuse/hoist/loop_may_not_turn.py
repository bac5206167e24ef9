def target(rows: list[int], wanted):
    out = []
    for want in wanted:
        out.append(want / max(rows))
    return out

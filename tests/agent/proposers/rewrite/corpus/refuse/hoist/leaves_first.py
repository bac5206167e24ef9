def target(rows: list[int], wanted):
    out = []
    for want in wanted:
        if want is None:
            break
        out.append(want in sorted(rows))
    return out

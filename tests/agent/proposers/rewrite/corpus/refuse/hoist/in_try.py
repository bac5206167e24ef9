def target(rows, wanted):
    rows = list(rows)
    wanted = list(wanted)
    out = []
    for want in wanted:
        try:
            out.append(want / max(rows))
        except ValueError:
            out.append(0)
    return out

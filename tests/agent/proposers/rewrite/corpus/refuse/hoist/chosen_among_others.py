def target(rows: list, others):
    out = []
    for other in others:
        out.append(max(sorted(rows), other))
    return out

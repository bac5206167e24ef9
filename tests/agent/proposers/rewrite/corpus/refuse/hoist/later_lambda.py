def target(rows: list[int], wanted):
    out = []
    for want in wanted:
        out.append(lambda want=want: want in sorted(rows))
    return out

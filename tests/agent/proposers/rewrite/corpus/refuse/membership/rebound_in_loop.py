def target(rows, names: list[str]):
    out = []
    for row in rows:
        if row in names:
            out.append(row)
            names = [name for name in names if name != row]
    return out

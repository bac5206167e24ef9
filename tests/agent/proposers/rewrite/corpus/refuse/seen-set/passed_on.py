def target(rows, visit):
    out = []
    for row in rows:
        if row not in out:
            out.append(row)
            visit(out)
    return out

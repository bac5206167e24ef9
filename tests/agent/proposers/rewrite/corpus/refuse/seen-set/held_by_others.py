def target(rows, register, visit):
    out = []
    register(out)
    for row in rows:
        if row not in out:
            out.append(row)
        visit(row)
    return out

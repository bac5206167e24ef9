def target(table, visit):
    out = []
    for line in table:
        for row in line:
            if row not in out:
                out.append(row)
        visit(out)
    return out

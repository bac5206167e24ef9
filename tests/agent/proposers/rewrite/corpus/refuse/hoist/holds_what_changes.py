def target(row, marks):
    rows = [row, marks]
    out = []
    for mark in marks:
        row.append(mark)
        out.append(repr(rows))
    return out

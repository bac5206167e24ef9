def target(out: list, rows):
    for row in rows:
        if row not in out:
            out.append(row)

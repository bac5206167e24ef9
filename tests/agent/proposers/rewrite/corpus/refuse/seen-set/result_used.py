def target(rows):
    out = []
    for row in rows:
        if row not in out:
            print(out.append(row))
    return out

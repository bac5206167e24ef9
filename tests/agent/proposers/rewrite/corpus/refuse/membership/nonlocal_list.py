def outer(rows):
    known = ["a", "b", "c", "d"]

    def target():
        nonlocal known
        out = []
        for row in rows:
            if row in known:
                out.append(row)
        known = out
        return out

    return target

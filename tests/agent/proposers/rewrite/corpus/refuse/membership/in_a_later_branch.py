def target(rows, use):
    known = [str(row) for row in rows]
    if use():
        return known
    elif [row for row in rows if row in known]:
        return rows
    return None

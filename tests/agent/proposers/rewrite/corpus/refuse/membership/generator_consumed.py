def target(rows, names):
    known = (name.lower() for name in names)
    return [row for row in rows if row in known]

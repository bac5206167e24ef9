def target(rows, names):
    # may be a text or an iterator
    return [row for row in rows if row in list(names)]

def target(rows, names):
    # may be a text, a generator, or a class with its own __contains__
    return [row for row in rows if row in names]

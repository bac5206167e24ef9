def target(rows, letters=""):
    return [row for row in rows if row in letters]

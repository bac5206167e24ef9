def target(rows, known=3 in (1, 2, 3, 4)):
    return rows, known

def target(rows):
    return any(cell for row in rows for cell in row)

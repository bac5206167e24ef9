def target(rows: list):
    return sum(1 for row in rows for cell in row if cell == 3)

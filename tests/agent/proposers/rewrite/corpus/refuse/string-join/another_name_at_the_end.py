def target(rows, other):
    text = ""
    for row in rows:
        text = str(row) + other
    return text

def target(rows):
    text = ""
    for row in rows:
        text += row, row
    return text

def target(rows):
    text = 0
    for row in rows:
        text += row
    return text

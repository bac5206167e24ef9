def target(rows):
    text = ""
    for row in rows:
        text = str(row)
    for row in rows:
        text += str(row)
    return text

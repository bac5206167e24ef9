def target(rows):
    text = ""
    for row in rows:
        text += str(row)
        text = str(row) + text
    return text

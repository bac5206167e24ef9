def target(rows):
    text = ""
    for row in rows:
        text *= 2
    return text

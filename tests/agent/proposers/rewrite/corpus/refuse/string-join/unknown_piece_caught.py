def target(rows):
    text = ""
    for row in rows:
        try:
            text += row
        except TypeError:
            text += "?"
    return text

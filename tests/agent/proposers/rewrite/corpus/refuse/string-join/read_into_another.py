def target(rows):
    text = ""
    other = ""
    for row in rows:
        text += str(row)
        other = text + "!"
    return text, other

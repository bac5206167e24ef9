def target(rows):
    text = ""; other = text
    for row in rows:
        text += str(row)
    return text, other

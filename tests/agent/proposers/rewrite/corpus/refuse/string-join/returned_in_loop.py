def target(rows):
    text = ""
    for row in rows:
        if row is None:
            return text
        text += str(row)
    return text

def target(rows):
    text = ""
    for row in rows:
        text += str(row)
        if len(text) > 80:
            break
    return text

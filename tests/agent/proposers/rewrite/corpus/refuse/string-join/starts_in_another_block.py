def target(rows, go):
    if go:
        text = ""
    for row in rows:
        text += str(row)
    return text

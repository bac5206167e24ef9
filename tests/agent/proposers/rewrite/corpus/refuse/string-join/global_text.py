text = ""


def target(rows):
    global text
    text = ""
    for row in rows:
        text += str(row)

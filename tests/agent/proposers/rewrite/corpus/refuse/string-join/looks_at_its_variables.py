def target(rows):
    text = ""
    for row in rows:
        text += str(row)
        print(locals())
    return text

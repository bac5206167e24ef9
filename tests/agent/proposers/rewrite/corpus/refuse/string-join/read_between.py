def target(rows):
    text = ""
    print(text)
    for row in rows:
        text += str(row)
    return text

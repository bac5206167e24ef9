def target(rows):
    text = ""
    for row in rows:
        text += str(row)
    else:
        print(text)
    return text

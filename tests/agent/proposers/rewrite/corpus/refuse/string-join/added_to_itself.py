def target(rows):
    text = "a"
    for _ in rows:
        text += text
    return text

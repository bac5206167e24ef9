def target(text):
    text = str(text)
    first = text.strip()
    text = text[1:]
    return first + text.strip()

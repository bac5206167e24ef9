def target(text, i):
    return text[i:].endswith("a")

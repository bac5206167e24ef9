def target(text, i):
    return text[i:].startswith("a", 1)

def target(text, i):
    return text[i::2].startswith("a")

def target(text, i):
    return text[i : i + 2].startswith("a")

def target(text, i, part):
    return text[i:].startswith(part)

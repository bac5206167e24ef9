def target(text, i):
    return text.split("=")[i]

def target(text):
    return text.split("=")[:1]

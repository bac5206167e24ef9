def target(text, separator):
    return text.split(separator)[0]

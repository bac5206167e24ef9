def target(text):
    return text.rsplit("=")[0]

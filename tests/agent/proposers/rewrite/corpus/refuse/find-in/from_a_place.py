def target(text: str):
    return text.find("=", 2) != -1

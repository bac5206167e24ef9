def target(text: str):
    return -1 < text.find("=") < 4

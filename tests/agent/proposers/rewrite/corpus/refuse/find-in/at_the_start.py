def target(text: str):
    return text.find("=") == 0

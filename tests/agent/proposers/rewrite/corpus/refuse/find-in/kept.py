def target(text: str):
    at = text.find("=")
    return at != -1, at

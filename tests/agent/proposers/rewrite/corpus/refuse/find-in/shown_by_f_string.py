def target(text: str):
    return f"{text.find('a') >= 0 = }"

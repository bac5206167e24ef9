def target(text: str, parts):
    return [text.count(part) for part in parts]

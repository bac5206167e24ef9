def target(text, base):
    return [int(base) for digit in text]

def target(text):
    return [int(digit, 16) for digit in text]

def target(text, use):
    return use(int(digit) for digit in text)

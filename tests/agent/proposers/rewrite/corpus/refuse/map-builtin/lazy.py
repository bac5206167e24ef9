def target(text):
    return (int(digit) for digit in text)

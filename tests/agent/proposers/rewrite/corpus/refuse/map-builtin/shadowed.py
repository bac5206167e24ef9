def target(text, int):
    return sum(int(digit) for digit in text)

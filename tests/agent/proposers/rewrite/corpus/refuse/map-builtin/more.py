def target(text):
    return sum(int(digit) + 1 for digit in text)

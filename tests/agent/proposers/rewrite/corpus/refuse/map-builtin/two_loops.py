def target(lines):
    return sum(int(digit) for line in lines for digit in line)

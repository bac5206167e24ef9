def target(text):
    return sum(int(digit) for digit in text)
# ==== after
def target(text):
    return sum(map(int, text))
# ==== inputs
large, faster = 300, 1.05


def inputs(random, size):
    return ("".join(random.choice("0123456789") for _ in range(size)),)

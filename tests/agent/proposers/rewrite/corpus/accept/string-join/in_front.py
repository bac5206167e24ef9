def target(number):
    digits = "."
    while number:
        number, digit = divmod(number, 2)
        digits = str(digit) + digits
    return digits
# ==== after
def target(number):
    digits_parts = ["."]
    while number:
        number, digit = divmod(number, 2)
        digits_parts.append(str(digit))
    digits = "".join(reversed(digits_parts))
    return digits
# ==== inputs
large, faster = 30000, 1.02


def inputs(random, size):
    return (random.getrandbits(size) if size else 0,)

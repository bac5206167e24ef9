def target(text: str):
    total = 0
    while text:
        letter = text[0]
        text = text[1:]
        total = total * 31 % 1000003 + ord(letter)
    return total
# ==== after
def target(text: str):
    total = 0
    for letter in text or ():
        total = total * 31 % 1000003 + ord(letter)
    return total
# ==== inputs
large, faster = 20000, 1.3


def inputs(random, size):
    return ("".join(random.choice("abc") for _ in range(size)),)

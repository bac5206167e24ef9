def target(text):
    letters = list(text)
    out = []
    while letters:
        letter = letters[0]
        letters = letters[1:]
        out.append(letter)
    return out
# ==== after
def target(text):
    letters = list(text)
    out = []
    for letter in list(letters):
        out.append(letter)
    return out
# ==== inputs
large, faster = 4000, 5.0


def inputs(random, size):
    return ("".join(random.choice("abc") for _ in range(size)),)

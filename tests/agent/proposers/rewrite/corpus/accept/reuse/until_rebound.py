def target(text: str):
    first = text.upper()
    second = text.upper() + first
    text = text.upper() + "x"
    return first, second, text.upper()
# ==== after
def target(text: str):
    text_upper = text.upper()
    first = text_upper
    second = text_upper + first
    text = text_upper + "x"
    return first, second, text.upper()
# ==== inputs
large, faster = 20000, 1.2


def inputs(random, size):
    return ("ab" * size,)

def target(text: str):
    return len([letter for letter in text if letter == "a"])
# ==== after
def target(text: str):
    return text.count("a")
# ==== inputs
large, faster = 500, 1.5


def inputs(random, size):
    return ("".join(random.choice("abc") for _ in range(size)),)

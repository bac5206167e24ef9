def target(text):
    return "".join("\\" + letter if letter in ".*+" else letter for letter in text)
# ==== after
def target(text):
    return "".join(["\\" + letter if letter in ".*+" else letter for letter in text])
# ==== inputs
large, faster = 500, 1.04


def inputs(random, size):
    return ("".join(random.choice("ab.*") for _ in range(size)),)

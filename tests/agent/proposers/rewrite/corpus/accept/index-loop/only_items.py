def target(text: str, wanted):
    found = 0
    for i in range(len(text)):
        if text[i] == wanted or text[i] == " " or text[i] == "-":
            found += 1
    return found, [text[k] + text[k] for k in range(len(text))]
# ==== after
def target(text: str, wanted):
    found = 0
    for char in text:
        if char == wanted or char == " " or char == "-":
            found += 1
    return found, [text[k] + text[k] for k in range(len(text))]
# ==== inputs
large, faster = 500, 1.04


def inputs(random, size):
    return "".join(random.choice("abc -") for _ in range(size)), "a"

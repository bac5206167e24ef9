def target(text: str, part):
    return [part for word in text.split() if word.find(part) >= 0]
# ==== after
def target(text: str, part):
    return [part for word in text.split() if part in word]
# ==== inputs
large, faster = 300, 1.1


def inputs(random, size):
    return " ".join("".join(random.choice("abc") for _ in range(4)) for _ in range(size)), "ab"

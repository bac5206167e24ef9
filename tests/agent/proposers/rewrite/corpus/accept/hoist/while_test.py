def target(text: str, word: str):
    at, found = 0, 0
    while at < len(text) and found < 10**9:
        if text[at] in word.lower().split("-"):
            found += 1
        at += 1
    return found
# ==== after
def target(text: str, word: str):
    at, found = 0, 0
    text_len = len(text)
    while at < text_len and found < 10**9:
        if text[at] in word.lower().split("-"):
            found += 1
        at += 1
    return found
# ==== inputs
large, faster = 3000, 0.9


def inputs(random, size):
    return "".join(random.choice("abc") for _ in range(size)), "A-B"

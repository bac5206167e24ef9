def target(text: str):
    return sum(1 for letter in text if letter == "ab")

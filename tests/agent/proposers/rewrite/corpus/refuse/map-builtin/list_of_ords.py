def target(text):
    return [ord(letter) for letter in text]

def target(words, known):
    return any(word in known for word in words)

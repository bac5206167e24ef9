def target(amount):
    return str.maketrans("a", "b")

def target(amount):
    return list("abc") + amount

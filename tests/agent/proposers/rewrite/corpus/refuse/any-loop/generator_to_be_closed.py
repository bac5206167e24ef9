log = []


def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


def target():
    if any(number == 1 for number in numbers()):
        log.append("body")
        return list(log)

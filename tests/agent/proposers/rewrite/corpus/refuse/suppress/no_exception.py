from contextlib import suppress


def target(text):
    with suppress():
        return int(text)

from contextlib import suppress


def target(text):
    with suppress(ValueError), open(text) as file:
        return file.read()

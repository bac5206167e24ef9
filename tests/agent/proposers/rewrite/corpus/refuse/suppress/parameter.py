from contextlib import suppress


def target(text, suppress):
    with suppress(ValueError):
        return int(text)

from contextlib import suppress


def target(text):
    with suppress(ValueError): return int(text)

import re

I = 0


def target(text):
    return re.match("x", text, I)

import re


def target(text, I=0):
    return re.match("x", text, I)

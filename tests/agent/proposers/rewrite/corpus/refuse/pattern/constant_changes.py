import re

WORD = "a+"
WORD += "b"


def target(lines):
    return [line for line in lines if re.match(WORD, line)]

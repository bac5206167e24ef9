import re


def target(lines):
    return [line for line in lines if re.match(b"a+", line, re.LOCALE)]

import re


def target(re, lines):
    return [line for line in lines if re.match("a+", line)]

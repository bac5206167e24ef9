import regex as re


def target(lines):
    return [line for line in lines if re.match("a+", line)]

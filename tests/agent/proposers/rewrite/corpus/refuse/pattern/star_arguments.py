import re


def target(lines, options):
    return [line for line in lines if re.match("a+", *options)]

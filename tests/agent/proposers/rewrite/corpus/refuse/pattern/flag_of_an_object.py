import re


def target(text, options):
    return re.match("x", text, re.S | options.I)

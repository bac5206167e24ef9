import re


def target(lines, flags):
    return [line for line in lines if re.match("a+", line, flags)]

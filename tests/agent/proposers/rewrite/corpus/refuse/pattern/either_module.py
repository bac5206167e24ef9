try:
    import regex as re
except ImportError:
    import re


def target(lines):
    return [line for line in lines if re.match("a+", line)]

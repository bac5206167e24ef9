import re


def target(word, lines):
    return [line for line in lines if re.match(f"{word}+", line)]

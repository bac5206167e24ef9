import re


def target(text, words=re.compile(r"\w+")):
    return words.findall(text)

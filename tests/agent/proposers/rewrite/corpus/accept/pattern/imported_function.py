from re import sub


def target(text):
    return sub(r"[ \t]+", " ", text)
# ==== after
import re
from re import sub


_TARGET_PATTERN = re.compile(r"[ \t]+")


def target(text):
    return _TARGET_PATTERN.sub(" ", text)
# ==== inputs
large, faster = 1, 1.1


def inputs(random, size):
    return ("  ".join(str(random.randrange(100)) for _ in range(size)),)

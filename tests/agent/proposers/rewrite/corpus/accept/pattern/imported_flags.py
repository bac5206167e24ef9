import re
from re import IGNORECASE as I


def target(words):
    return [word for word in words if re.match("a+", word, I | re.S)]
# ==== after
import re
from re import IGNORECASE as I


_TARGET_PATTERN = re.compile("a+", I | re.S)


def target(words):
    return [word for word in words if _TARGET_PATTERN.match(word)]
# ==== inputs
large, faster = 3000, 1.1


def inputs(random, size):
    return (["".join(random.choice("aAb") for _ in range(4)) for _ in range(size)],)

import re as regex

NUMBER = r"\d+"


class Reader:
    @staticmethod
    def target(text):
        number = regex.compile(NUMBER)
        return number.findall(text), regex.findall(NUMBER, text)
# ==== after
import re as regex

NUMBER = r"\d+"


_TARGET_PATTERN = regex.compile(NUMBER)


class Reader:
    @staticmethod
    def target(text):
        number = _TARGET_PATTERN
        return number.findall(text), _TARGET_PATTERN.findall(text)
# ==== inputs
large, faster = 1, 1.1


def inputs(random, size):
    return (" ".join(str(random.randrange(100)) for _ in range(size)),)

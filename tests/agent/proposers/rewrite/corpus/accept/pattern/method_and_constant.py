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


_NUMBER = regex.compile(NUMBER)


class Reader:
    @staticmethod
    def target(text):
        number = _NUMBER
        return number.findall(text), _NUMBER.findall(text)
# ==== inputs
large, faster = 1, 1.1


def inputs(random, size):
    return (" ".join(str(random.randrange(100)) for _ in range(size)),)

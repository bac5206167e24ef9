class Numerals:
    """Numerals."""

    def target(self, text):
        """The number of a numeral."""
        values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
        total = 0
        for letter in text:
            if letter in values:
                total += values[letter]
        return total
# ==== after
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


class Numerals:
    """Numerals."""

    def target(self, text):
        """The number of a numeral."""
        total = 0
        for letter in text:
            if letter in _VALUES:
                total += _VALUES[letter]
        return total
# ==== inputs
large, faster = 2, 1.02


def inputs(random, size):
    return None, "".join(random.choice("IVXY") for _ in range(size))

class Token:
    @staticmethod
    def target(left, right):
        """Whether they lie in the same order."""
        if len(left) != len(right):
            return False
        return all(a is b or not (a > b) for a, b in zip(left, right))
# ==== after
class Token:
    @staticmethod
    def target(left, right):
        """Whether they lie in the same order."""
        if len(left) != len(right):
            return False
        for a, b in zip(left, right):
            if not (a is b or not (a > b)):
                return False
        return True
# ==== inputs
large, faster = 400, 1.05


def inputs(random, size):
    left = [random.randrange(9) for _ in range(size)]
    return left, [one + random.randrange(1 + 2 * (size < 9)) for one in left]

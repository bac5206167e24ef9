"""The time that pickling recorded calls may take, shared out over the tests as they come."""

OVERDRAFT = 0.2
"""Of all the time: what functions with few calls may take in advance."""


class Purse:
    """Seconds that were given and not yet spent; without a budget there are always some."""

    def __init__(self, budget_s=None):
        self._budget_s = budget_s
        self._each_s = 0.0
        self._left_s = 0.0

    def share(self, tests):
        """So many tests will run: each brings as much as the others, and what one leaves is for those behind it."""
        if self._budget_s is not None:
            self._each_s = self._budget_s / max(1, tests)

    def begin_test(self):
        """Another test begins."""
        self._left_s += self._each_s

    def allows(self, few):
        """Whether one more call may be pickled; `few` says that its function has few so far."""
        if self._budget_s is None:
            return True
        return self._left_s > (-OVERDRAFT * self._budget_s if few else 0.0)

    def pay(self, seconds):
        """So long did it take."""
        self._left_s -= seconds

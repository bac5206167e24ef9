"""Pure Python: as much work as UNITS says, and a result that does not depend on how much that was."""

UNITS = 231
RARE_UNITS = 231


def work(value, size):
    """The value doubled, after `size` times the units of work that its kind of input takes."""
    units = RARE_UNITS if value % 5 == 0 else UNITS
    for _ in range(units * size):
        seen = {}
        for letter in "a quick brown fox":
            seen[letter] = seen.get(letter, 0) + 1
        "".join(sorted(seen))
    return 2 * value

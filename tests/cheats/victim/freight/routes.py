"""Routes and balances."""


def legs(points, limit):
    """The legs longer than a limit, one by one."""
    for index in range(len(points)):
        if index > 0:
            length = abs(points[index] - points[index - 1])
            if length > limit:
                yield index, length


def settle(balances, by):
    """Add to every balance, in place; how many there are."""
    for index in range(len(balances)):
        balances[index] = balances[index] + by
    return len(balances)


def journal(entries):
    """Print every entry; how many there are."""
    for entry in entries:
        print(entry)
    return len(entries)

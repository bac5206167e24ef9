def target(*parts):
    if any(part is None for part in parts):
        raise ValueError(
            "nothing "
            "is missing"
        )
    return not any(part < 0 for part in parts)
# ==== after
def target(*parts):
    for part in parts:
        if part is None:
            raise ValueError(
                "nothing "
                "is missing"
            )
    for part in parts:
        if part < 0:
            return False
    return True
# ==== inputs
large, faster = 3, 1.2


def inputs(random, size):
    return tuple(random.choice([*range(20), *([-1, None] if size < 3 else [])]) for _ in range(size))

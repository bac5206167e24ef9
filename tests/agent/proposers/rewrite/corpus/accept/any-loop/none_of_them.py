def target(rows, kinds):
    wrong = []
    for number, row in enumerate(rows):
        if row and not any(isinstance(row, kind) and number >= 0 for kind in (str, int)):
            wrong.append(number)
            continue
        if all(row != kind for kind in kinds if kind):
            wrong.append(-number)
    return wrong
# ==== after
def target(rows, kinds):
    wrong = []
    for number, row in enumerate(rows):
        if row:
            for kind in (str, int):
                if isinstance(row, kind) and number >= 0:
                    break
            else:
                wrong.append(number)
                continue
        for kind in kinds:
            if kind and not row != kind:
                break
        else:
            wrong.append(-number)
    return wrong
# ==== inputs
large, faster = 500, 1.1


def inputs(random, size):
    return [random.choice([0, 1, "a", 2.5, "b", None]) for _ in range(size)], [random.choice(["a", 1, 0]) for _ in "ab"]

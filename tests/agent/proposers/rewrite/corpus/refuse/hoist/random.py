import random


def target(rows: list, wanted):
    return [random.choice(rows) for want in wanted]

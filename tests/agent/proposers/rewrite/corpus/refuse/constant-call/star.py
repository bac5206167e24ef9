from datetime import timedelta


def target(day):
    return day + timedelta(*(1, 2))

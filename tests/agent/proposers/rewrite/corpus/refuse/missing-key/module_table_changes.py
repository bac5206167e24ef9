TABLE = {}
TABLE = make()


def target(key):
    try:
        return TABLE[key]
    except KeyError:
        return None

import contextlib


def target(texts):
    out = []
    for text in texts:
        with contextlib.suppress(ValueError, TypeError):
            number = int(text)
            out.append(number)
    return out
# ==== after
import contextlib


def target(texts):
    out = []
    for text in texts:
        try:
            number = int(text)
            out.append(number)
        except (ValueError, TypeError):
            pass
    return out
# ==== inputs
large, faster = 300, 1.1


def inputs(random, size):
    return ([random.choice(["1", "2", "3", "4", "x", None]) for _ in range(size)],)

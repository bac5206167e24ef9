import functools


def target(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return target(a[1:], b[1:])
    return 1 + min(target(a[1:], b), target(a, b[1:]), target(a[1:], b[1:]))
# ==== after
import functools


@functools.lru_cache(maxsize=None, typed=True)
def target(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return target(a[1:], b[1:])
    return 1 + min(target(a[1:], b), target(a, b[1:]), target(a[1:], b[1:]))
# ==== inputs
large, faster = 7, 5.0


def inputs(random, size):
    return "".join(random.choice("ab") for _ in range(min(size, 7))), "".join(random.choice("cd") for _ in range(min(size, 7)))

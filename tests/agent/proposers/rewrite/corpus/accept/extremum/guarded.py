def target(text):
    words = str(text).split()
    if words:
        return sorted(words, key=len, reverse=True)[-1]
    return None
# ==== after
def target(text):
    words = str(text).split()
    if words:
        return min(reversed(words), key=len)
    return None
# ==== inputs
large, faster = 5000, 1.1


def inputs(random, size):
    return (" ".join(str(random.randrange(10**9)) for _ in range(size)),)

def target(rows):
    text = ""
    for row in rows:
        text = text + str(row) + ","
    return text
# ==== after
def target(rows):
    text_parts = []
    for row in rows:
        text_parts.extend((str(row), ","))
    text = "".join(text_parts)
    return text
# ==== inputs
large, faster = 12000, 1.1


def inputs(random, size):
    return ([random.randrange(10**12) for _ in range(size)],)

def target(cells):
    return max(len(cell) for cell in cells), [ord(cell[0]) for cell in cells], ", ".join(str(len(cell)) for cell in cells)
# ==== after
def target(cells):
    return max(map(len, cells)), [ord(cell[0]) for cell in cells], ", ".join(str(len(cell)) for cell in cells)
# ==== inputs
large, faster = 300, 1.03


def inputs(random, size):
    return (["x" * random.randrange(1, 9) for _ in range(size)],)

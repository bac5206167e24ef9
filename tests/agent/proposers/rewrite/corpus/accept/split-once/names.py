def target(lines):
    return [line.split("=")[0] + line.split(".")[-1] for line in lines]
# ==== after
def target(lines):
    return [line.split("=", 1)[0] + line.split(".")[-1] for line in lines]
# ==== inputs
large, faster = 200, 1.05


def inputs(random, size):
    return (["k=" + "v=.w" * random.randrange(20) for _ in range(size)],)

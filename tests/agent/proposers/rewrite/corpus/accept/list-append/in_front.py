def target(node, parents):
    path = []
    while node is not None:
        path = [node] + path
        node = parents.get(node)
    return path
# ==== after
def target(node, parents):
    path = []
    while node is not None:
        path.append(node)
        node = parents.get(node)
    path.reverse()
    return path
# ==== inputs
large, faster = 4000, 3.0


def inputs(random, size):
    return size, {i: i - 1 for i in range(1, size + 1)}

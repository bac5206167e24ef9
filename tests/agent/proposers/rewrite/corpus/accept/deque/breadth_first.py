def target(graph, start):
    queue = [start]
    order, seen = [], {start}
    while queue:
        node = queue.pop(0)
        order.append(node)
        for near in graph[node]:
            if near not in seen:
                seen.add(near)
                queue.append(near)
    return order
# ==== after
from collections import deque


def target(graph, start):
    queue = deque([start])
    order, seen = [], {start}
    while queue:
        node = queue.popleft()
        order.append(node)
        for near in graph[node]:
            if near not in seen:
                seen.add(near)
                queue.append(near)
    return order
# ==== inputs
large, faster = 60000, 1.3


def inputs(random, size):
    graph = {i: [] for i in range(1, size + 1)}
    graph[0] = list(range(1, size + 1))
    return graph, 0

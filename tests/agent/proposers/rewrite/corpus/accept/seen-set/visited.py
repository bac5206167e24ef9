def target(graph, start):
    visited = [start]
    todo = [start]
    while todo:
        for near in graph[todo.pop()]:
            if near in visited: continue
            visited.append(near)
            todo.append(near)
    return visited
# ==== after
def target(graph, start):
    visited = [start]
    todo = [start]
    visited_seen = set(visited)
    while todo:
        for near in graph[todo.pop()]:
            if near in visited_seen: continue
            visited.append(near)
            visited_seen.add(near)
            todo.append(near)
    return visited
# ==== inputs
large, faster = 1500, 5.0


def inputs(random, size):
    return {i: [random.randrange(size + 1) for _ in range(3)] for i in range(size + 1)}, 0

def target(graph):
    return [graph[node] for node in graph]

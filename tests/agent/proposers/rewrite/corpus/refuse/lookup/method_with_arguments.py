def target(rows, graph):
    return [row for row in rows if row in list(graph.items("data"))]

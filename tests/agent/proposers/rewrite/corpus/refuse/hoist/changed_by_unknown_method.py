def target(graph, rows):
    at = 0
    while at < len(graph):
        graph.remove_node(rows[at])
        at += 1
    return at

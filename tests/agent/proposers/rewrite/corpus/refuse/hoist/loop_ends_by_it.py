def target(graph, prune):
    # the length is what ends the loop
    while len(graph) >= 2:
        graph.remove_node(prune(graph))
    return graph

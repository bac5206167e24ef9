def target(nodes):
    trail = []
    events = []
    for node in nodes:
        trail = trail + [node]
        events.append(dict(node=node, trail=trail))
    return events

def target(rows):
    queue = todo = list(rows)
    out = []
    while queue:
        out.append((queue.pop(0), todo[1:3]))
    return out

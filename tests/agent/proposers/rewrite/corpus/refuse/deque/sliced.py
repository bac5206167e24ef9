def target(rows):
    queue = list(rows)
    out = []
    while queue:
        out.append((queue.pop(0), queue[1:3]))
    return out

def target(rows):
    queue = list(rows)
    out = []
    while queue:
        out.append((queue.pop(0), queue.pop(0)))
    return out

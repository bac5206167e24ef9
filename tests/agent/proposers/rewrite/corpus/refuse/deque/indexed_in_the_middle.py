def target(rows, k):
    queue = list(rows)
    out = []
    while queue:
        out.append(queue[k])
        queue.pop(0)
    return out

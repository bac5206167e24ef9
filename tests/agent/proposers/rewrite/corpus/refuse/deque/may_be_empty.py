def target(rows, n):
    queue = list(rows)
    out = []
    for _ in range(n):
        out.append(queue.pop(0))
    return out

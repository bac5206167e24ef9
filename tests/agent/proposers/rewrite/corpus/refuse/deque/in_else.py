def target(rows, n):
    queue = list(rows)
    for _ in range(n):
        if queue:
            pass
        else:
            queue.pop(0)

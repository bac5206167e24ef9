def target(rows):
    queue = list(rows)
    while queue:
        row = queue.pop(0)
        if row:
            break
    return queue

def target(rows):
    queue = list(rows)
    while queue:
        queue.insert(1, queue.pop(0))

def target(rows):
    queue = list(rows)
    while queue:
        queue.pop(0)
        if len(queue) > 3:
            queue.pop(2)

def target(rows):
    queue = list(rows)
    while queue:
        if rows:
            queue.clear()
        queue.pop(0)

def target(rows):
    queue = list(rows)
    while queue:
        for row in queue:
            queue.append(row)
        queue.pop(0)

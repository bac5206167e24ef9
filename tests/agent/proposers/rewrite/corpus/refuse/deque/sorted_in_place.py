def target(rows):
    queue = list(rows)
    while queue:
        queue.sort()
        row = queue.pop(0)
        if row > 1:
            queue.append(row - 1)

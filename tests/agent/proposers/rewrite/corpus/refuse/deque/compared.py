def target(rows):
    queue = list(rows)
    while queue != []:
        if queue:
            queue.pop(0)

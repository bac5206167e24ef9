def target(rows):
    queue = list(rows)
    while queue:
        queue *= queue.pop(0)

def target(rows):
    queue = list(rows)
    while queue:
        print(queue, queue.pop(0))

def target(rows):
    queue = list(rows)
    while len(queue) >= 0:
        print(queue.pop(0))

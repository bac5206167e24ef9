def target(rows):
    queue = list(rows)
    for _ in range(len(queue) + 1):
        print(queue.pop(0))

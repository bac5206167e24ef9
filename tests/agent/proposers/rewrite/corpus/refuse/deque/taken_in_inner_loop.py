def target(rows, n):
    queue = list(rows)
    while queue:
        for _ in range(n):
            print(queue.pop(0))

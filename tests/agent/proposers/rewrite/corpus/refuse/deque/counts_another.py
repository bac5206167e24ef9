def target(rows, todo):
    queue = list(rows)
    for _ in range(len(todo)):
        print(queue.pop(0))

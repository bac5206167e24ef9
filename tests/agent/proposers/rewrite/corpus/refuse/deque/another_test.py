def target(rows, todo):
    queue = list(rows)
    while todo:
        todo.pop()
        print(queue.pop(0))

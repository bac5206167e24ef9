def target(rows, todo):
    queue = list(rows)
    while len(todo) > 0:
        todo.pop()
        print(queue.pop(0))

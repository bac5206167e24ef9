def target(rows, todo):
    queue = list(rows)
    while queue or todo:
        print(queue.pop(0))

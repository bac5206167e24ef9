def target(rows, visit):
    queue = list(rows)
    while queue:
        visit(queue.pop(0), queue)

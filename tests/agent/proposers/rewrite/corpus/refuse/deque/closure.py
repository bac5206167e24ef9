def target(rows):
    queue = list(rows)

    def push(row):
        queue.append(row)

    while queue:
        row = queue.pop(0)
        if row:
            push(row - 1)

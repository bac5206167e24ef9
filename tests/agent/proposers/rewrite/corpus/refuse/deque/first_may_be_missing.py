def target(rows):
    # the text of the IndexError differs
    queue = list(rows)
    first = queue[0]
    while queue:
        print(queue.pop(0), first)

def target(queue):
    while queue:
        print(queue.pop(0))

def target(rows):
    queue = list(rows)
    if queue:
        return queue.pop(0)
    return None

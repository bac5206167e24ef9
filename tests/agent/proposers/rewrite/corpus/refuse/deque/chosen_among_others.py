def target(first, other):
    todo = [first]
    while todo:
        node = todo.pop(0)
        todo.extend(node)
        longest = max(todo, other)
        longest.append([])
    return longest

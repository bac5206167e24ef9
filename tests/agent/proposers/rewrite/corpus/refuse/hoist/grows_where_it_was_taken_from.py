def target(grid, r):
    row = grid[r]
    i = 0
    while i < len(row):
        if i < 3:
            grid[r].append(i)
        i += 1
    return i

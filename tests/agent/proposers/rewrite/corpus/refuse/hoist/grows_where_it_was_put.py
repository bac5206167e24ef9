def target(grid, row):
    grid[0] = row
    i = 0
    while i < len(row):
        if i < 3:
            grid[0].append(i)
        i += 1
    return i

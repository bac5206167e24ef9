def target(rows):
    sorted(rows)[0] = 1

def target(rows, sorted):
    return sorted(rows)[0]

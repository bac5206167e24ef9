def target(rows, down):
    return sorted(rows, reverse=down)[0]

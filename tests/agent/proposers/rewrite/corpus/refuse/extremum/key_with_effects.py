def target(rows, log):
    return sorted(rows, key=lambda row: log(row))[-1]

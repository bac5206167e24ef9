def target(rows, others):
    return [others[i] for i in range(len(rows))]

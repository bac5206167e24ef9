def target(rows):
    return [rows.all[i] for i in range(len(rows.all))]

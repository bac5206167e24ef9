def target(rows):
    return (rows[i] for i in range(len(rows)))

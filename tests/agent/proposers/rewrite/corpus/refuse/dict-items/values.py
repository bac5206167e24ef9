def target(table):
    return [table[key] for key in table.values()]

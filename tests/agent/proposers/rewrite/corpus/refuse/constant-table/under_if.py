if True:
    def target(key):
        rows = [1, 2, 3, 4, 5]
        return rows[key]

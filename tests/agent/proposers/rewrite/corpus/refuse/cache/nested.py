def outer(rows):
    def target(n):
        if n < 2:
            return n
        return target(n - 1) + target(n - 2)

    return target

class Solver:
    def target(self, n):
        if n < 2:
            return n
        return self.target(n - 1) + self.target(n - 2)

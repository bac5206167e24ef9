class Shop:
    def rows(self):
        with open(self.path) as lines:
            yield from lines

    def target(self):
        if any(row == "x" for row in map(str.strip, self.rows())):
            self.move(self.path)
        return self.path

def target(self, xs):
    row = list(self.row)
    self.row = row
    out = []
    for x in xs:
        if x not in row:
            self.row.append(x)
            out.append(x)
    return out

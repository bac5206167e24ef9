class Pool:
    def target(self):
        waiting = self.waiting
        at = 0
        while at < len(waiting):
            self.advance()
            at += 1
        return at

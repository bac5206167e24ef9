class Pool:
    def target(self):
        while self.queue:
            self.queue.pop(0)

"""Things that only share names with plants."""


class Engine:
    """No plant at all."""

    tall = False

    def grow(self, by):
        return by

    def run(self):
        return grow(self.grow(2))  # sure: Engine.grow, grow


def grow(by):
    """A function, no method."""
    return by * 2


def water(engine):
    """Cools an engine."""
    return engine


def start():
    engine = Engine()
    engine.grow(3)  # sure: Engine.grow
    grow(4)  # sure: grow
    water(engine)
    Plant = engine.tall  # sure: Engine.tall
    return Plant

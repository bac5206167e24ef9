"""Things that grow."""

__all__ = ["Bush", "Pine", "Plant", "Tree"]  # sure: Plant


class Plant:
    """Anything green."""

    height = 0

    def __init__(self, name):
        self.name = name
        self.__secret = 3

    def grow(self, by):
        """Become taller."""
        self.height += by
        return self

    def season(self, days):
        """Grow day by day."""
        for _ in range(days):
            self.grow(1)  # sure: Plant.grow; possible: Tree.grow, Climbing.grow
        return self.tall  # sure: Plant.tall

    @property
    def tall(self):
        """Whether it is taller than a person."""
        return self.height > 2

    @staticmethod
    def seed(kind):
        return kind.lower()

    @classmethod
    def sown(cls, kind):
        return cls(cls.seed(kind))  # sure: Plant.seed

    def __reveal(self):
        return self.__secret


class Tree(Plant):  # sure: Plant
    """A plant with wood."""

    def grow(self, by):
        """Become taller, and thicker."""
        self.rings = by
        return super().grow(by)  # sure: Plant.grow


class Bush(Plant):  # sure: Plant
    """A plant without a stem."""

    def trim(self):
        return self.grow(-1)  # sure: Plant.grow; possible: Climbing.grow


class Pine(Tree):
    """A tree with needles."""

    def season(self, days):
        super().season(days)
        return self.grow(days)  # sure: Tree.grow


class Climbing:
    """Mixed into plants that climb."""

    def grow(self, by):
        return super().grow(by * 2)  # possible: Plant.grow

    def climb(self):
        return self.grow(9)  # sure: Climbing.grow


class Ivy(Climbing, Bush):
    """Climbs first, then grows as a bush."""

    def cover(self, wall):
        wall.append(self.grow)  # sure: Climbing.grow
        return self.trim()

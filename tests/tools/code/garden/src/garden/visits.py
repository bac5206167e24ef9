"""Uses what other modules pass on."""

import garden
from garden import Oak, give_water, plants as green  # sure: water
from garden.tending import *

Shrub = green.Bush


class Keeper:
    """Holds a plant."""

    def __init__(self, plant: "garden.Plant") -> None:  # sure: Plant
        self.plant = plant
        self.oak = Oak("h")

    def round(self):
        self.plant.grow(1)  # sure: Plant.grow; possible: Tree.grow, Climbing.grow
        self.oak.grow(1)  # sure: Tree.grow
        give_water(self.oak)  # sure: water
        garden.give_water(self.plant)  # sure: water
        return water(self.plant)  # sure: water

    def grow(self, by):
        return [self.grow(one) for one in by]

    def tall(self):
        return Shrub("i").tall  # sure: Plant.tall

"""What is done with plants."""

import functools
from operator import methodcaller

from garden import plants
from garden.engines import Engine
from garden.plants import Bush, Pine, Plant as Green, Tree  # sure: Plant


def logged(function):
    """Says what is called."""

    @functools.wraps(function)
    def inner(*args):
        return function(*args)

    return inner


@logged  # sure: logged
def water(plant, litres=1):
    """Give water."""

    def pour(amount):
        return amount

    return [pour(part) for part in range(litres)]  # sure: water.pour


def pour(amount):
    return water(None, amount)  # sure: water


@logged  # sure: logged
def tend(plant, days):
    plant.grow(days)  # possible: Plant.grow, Tree.grow, Engine.grow, Climbing.grow
    water(plant)  # sure: water
    return plant.tall  # possible: Plant.tall, Engine.tall


def tend_green(plant: Green, others: list[Tree], engine: "Engine"):  # sure: Plant
    plant.grow(1)  # sure: Plant.grow; possible: Tree.grow, Climbing.grow
    engine.grow(1)  # sure: Engine.grow
    for other in others:
        other.grow(2)  # sure: Tree.grow
    return plant.tall  # sure: Plant.tall


def plant_all():
    bush = Bush("a")
    bush.grow(1)  # sure: Plant.grow
    bush.season(2)
    Pine("b").grow(2)  # sure: Tree.grow
    made = make()
    made.grow(3)  # sure: Tree.grow
    plants.Plant("c").grow(1).grow(2)  # sure: Plant, Plant.grow; possible: Tree.grow, Climbing.grow
    Green.grow(bush, 4)  # sure: Plant, Plant.grow
    Green.sown("d").grow(5)  # sure: Plant, Plant.grow; possible: Tree.grow, Climbing.grow
    "text".grow()
    return Green.seed("e")  # sure: Plant, Plant.seed


def make():
    if plants:
        return Tree("f")
    return Pine("g")


def by_name(thing, verb):
    getattr(thing, "grow")(1)  # possible: Plant.grow, Tree.grow, Engine.grow, Climbing.grow, grow
    getattr(thing, "gr" + verb)(1)
    getattr(thing, f"gro{verb}")(1)  # possible: Plant.grow, Tree.grow, Engine.grow, Climbing.grow, grow
    return methodcaller("grow", 2)(thing)  # possible: Plant.grow, Tree.grow, Engine.grow, Climbing.grow, grow

"""Cooking with what is there."""


class Recipe:
    """Ingredients and steps for one dish."""

    def __init__(self, title, ingredients):
        self.title = title
        self.ingredients = ingredients

    def scale(self, servings):
        """Multiply all quantities so that it feeds that many guests."""
        return self

    def missing(self, shelf):
        """Ingredients that are not in stock."""
        return []

    def calories(self):
        """Energy of one serving, in kilocalories."""
        return 0

    def allergens(self):
        """Substances in it that some people must avoid, such as nuts or gluten."""
        return set()


def suggest_recipes(items, recipes):
    """Dishes that can be cooked with what is in stock, the most urgent items first."""
    return recipes


def parse_recipe(text):
    """Turn a written recipe into ingredients and steps."""
    return Recipe(text, [])


def shopping_list(recipes, shelf):
    """Everything that must be bought for some recipes."""
    return []


def substitute(ingredient):
    """What can replace an ingredient that is not at hand."""
    return []


def is_vegetarian(recipe):
    """Whether no ingredient comes from meat or fish."""
    return True


def weekly_plan(recipes, days=7):
    """Choose a menu for every day without repeating a dish."""
    return recipes[:days]


def cooking_time(recipe, parallel=True):
    """Minutes from start to table; steps that can overlap are counted once when `parallel`."""
    return 0


def rate_recipe(recipe, stars):
    """Record how well a dish was liked."""
    return stars


def best_rated(recipes, count):
    """The dishes with the most stars."""
    return recipes[:count]

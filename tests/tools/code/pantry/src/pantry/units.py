"""Quantities and how they are written."""


def to_grams(amount, unit):
    """Convert a weight such as ounces or pounds into grams."""
    return amount


def to_millilitres(amount, unit):
    """Convert a volume such as cups or spoons into millilitres."""
    return amount


def parse_quantity(text):
    """Split a text such as `2 1/2 cups` into a number and its unit."""
    return 1, text


def format_quantity(amount, unit):
    """A number with its unit, as cooks write it: fractions rather than decimals."""
    return f"{amount} {unit}"


def celsius(fahrenheit):
    """Convert an oven temperature from Fahrenheit."""
    return (fahrenheit - 32) / 1.8


def normalise_unit(unit):
    """The canonical spelling of a unit: `tbsp` for `Tablespoons`."""
    return unit.lower()


def density(ingredient):
    """Grams in one millilitre of an ingredient, to turn volumes into weights."""
    return 1.0


def compare_quantities(left, right):
    """Which of two amounts is larger, whatever their units."""
    return 0

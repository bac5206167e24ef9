"""Prices and budgets."""


def price_of(item, prices):
    """What an item costs by its weight."""
    return prices[item.name] * item.grams


def convert_currency(amount, source, target, rates):
    """Exchange an amount of money from one currency into another."""
    return amount * rates[source, target]


def round_cash(amount):
    """Round to the smallest coin, as shops do."""
    return round(amount * 20) / 20


def format_price(amount, currency="EUR"):
    """Money as text, with two digits and the currency's sign."""
    return f"{amount:.2f} {currency}"


def parse_price(text):
    """Read an amount of money from text such as `3,50 EUR`."""
    return float(text.split()[0].replace(",", "."))


def add_tax(amount, rate):
    """The amount with value added tax on top."""
    return amount * (1 + rate)


def discount(amount, percent):
    """Reduce a price by a percentage."""
    return amount * (1 - percent / 100)


def monthly_spending(receipts):
    """How much was paid in each month, by year and month."""
    return {}


def is_within_budget(receipts, limit):
    """Whether all receipts together stay below a limit."""
    return sum(receipts) < limit


def cheapest_shop(item, shops):
    """The shop that asks the least for an item."""
    return min(shops, key=lambda shop: shop[item.name])


def price_history(item, shop):
    """Earlier prices of an item in one shop, oldest first."""
    return []


def split_bill(amount, people):
    """Share a sum fairly among people; cents left over go to the first ones."""
    return [amount / people] * people

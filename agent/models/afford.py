"""How many samples a budget buys of each model: n = floor(B / c), after "The Larger the Better?"."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from agent.domain import Model
from agent.models.costs import MTOK
from agent.models.messages import Usage


def affordable_samples(
    budget_usd: float, models: Sequence[Model], tokens_per_sample: Usage
) -> Mapping[str, int | None]:
    """By model: the most samples of this size that cost no more than the budget; None where no price limits them.

    Counted exactly, so that a budget of 0.3 buys three samples of 0.1.
    """
    return {model.name: _samples(Fraction(str(budget_usd)), model, tokens_per_sample) for model in models}


def _samples(budget: Fraction, model: Model, tokens: Usage) -> int | None:
    cost = cost_of(model, tokens)
    return max(0, budget // cost) if cost else None


def cost_of(model: Model, tokens: Usage) -> Fraction | None:
    """What one sample costs in dollars, exactly; None where the price is not known."""
    if model.input_usd_per_mtok is None or model.output_usd_per_mtok is None:
        return None
    cached = model.input_usd_per_mtok if model.cached_usd_per_mtok is None else model.cached_usd_per_mtok
    fresh = tokens.input_tokens - tokens.cached_tokens
    written = (tokens.output_tokens, model.output_usd_per_mtok)
    parts = ((fresh, model.input_usd_per_mtok), (tokens.cached_tokens, cached), written)
    return sum((Fraction(count) * Fraction(str(price)) for count, price in parts), Fraction(0)) / MTOK

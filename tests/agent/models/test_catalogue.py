"""What `--model` may say, what models cost, and how many samples a budget buys."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Model
from agent.models.afford import affordable_samples
from agent.models.catalogue import known_prices, model_of, own_prices
from agent.models.messages import Usage
from tools.errors import UserError

MINI = "openai:gpt-5-mini"


def test_what_ships_is_dated_priced_and_plausible() -> None:
    prices = known_prices()
    assert prices.noted >= date(2026, 1, 1)
    providers = {name.partition(":")[0] for name in prices.models}
    assert {"openai", "anthropic", "google_genai", "groq"} <= providers
    for model in prices.models.values():
        assert 0 < model.input_usd_per_mtok <= model.output_usd_per_mtok
        assert (model.cached_usd_per_mtok or 0) <= model.input_usd_per_mtok
        assert model.max_output_tokens <= model.context_tokens // 2


def test_a_model_by_its_name_its_weight_and_its_price() -> None:
    known = model_of(MINI)
    assert (known.name, known.weight, known.input_usd_per_mtok) == (MINI, 1, 0.25)
    assert model_of(f"{MINI}@2").weight == 2
    priced = model_of(f" {MINI}@0.5=0.1/.4 ")
    assert (priced.name, priced.weight, priced.input_usd_per_mtok, priced.output_usd_per_mtok) == (MINI, 0.5, 0.1, 0.4)
    assert (priced.cached_usd_per_mtok, priced.context_tokens) == (None, known.context_tokens)
    assert model_of(f"{MINI}=1/2/0.25").cached_usd_per_mtok == 0.25


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ollama:qwen3:8b", "ollama:qwen3:8b"),
        ("openai:Qwen/Qwen3-8B@2", "openai:Qwen/Qwen3-8B"),
        ("google_anthropic_vertex:claude-sonnet-4@20250514", "google_anthropic_vertex:claude-sonnet-4@20250514"),
        ("replay:runs/a=b.jsonl", "replay:runs/a=b.jsonl"),
    ],
)
def test_names_may_hold_what_names_hold(text: str, name: str) -> None:
    model = model_of(text)
    assert model.name == name
    scripted = name.startswith("replay:")
    assert model.input_usd_per_mtok == (0 if scripted else None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gpt-5-mini", "does not say whose model it is; write PROVIDER:NAME"),
        ("openai:", "does not say whose model it is"),
        ("Open AI:gpt", "'Open AI' in 'Open AI:gpt' is no provider"),
        ("openai:gpt=3", "the price in 'openai:gpt=3' is not understood"),
        ("openai:gpt=3/x", "in dollars per million tokens"),
        ("openai:gpt@0", "weight in 'openai:gpt@0' is zero"),
    ],
)
def test_a_value_that_is_not_understood_is_answered_with_how_to_write_one(text: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        model_of(text)
    assert told in str(caught.value)


def test_a_file_of_ones_own_comes_first_and_leaves_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(
        f'["{MINI}"]\nusd_per_mtok = {{ input = 0.2, output = 1.5 }}\n'
        '["openai:mine"]\ncontext_tokens = 8192\nstreaming = true\n'
    )
    own = own_prices(file).models
    mini = model_of(f"{MINI}@3", own)
    assert (mini.input_usd_per_mtok, mini.cached_usd_per_mtok, mini.weight) == (0.2, None, 3)
    assert mini.context_tokens == model_of(MINI).context_tokens
    mine = model_of("openai:mine", own)
    assert (mine.context_tokens, mine.streaming, mine.input_usd_per_mtok) == (8192, True, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "cannot be read"),
        ('["a:b"]\nprice = 1\n', "a:b.price"),
        ('["a:b"]\ncontext_tokens = 5\n', "a:b.context_tok"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        own_prices(file)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)


def by_counting(budget_usd: str, model: Model, tokens: Usage) -> int:
    """Buys one sample after the other until the money is gone."""
    cost = (
        Fraction(str(model.input_usd_per_mtok)) * tokens.input_tokens
        + Fraction(str(model.output_usd_per_mtok)) * tokens.output_tokens
    ) / 1_000_000
    count, left = 0, Fraction(budget_usd)
    while left >= cost:
        count, left = count + 1, left - cost
    return count


def test_samples_for_a_budget_are_those_that_counting_finds() -> None:
    tokens = Usage(input_tokens=20_000, output_tokens=5_000)
    models = list(known_prices().models.values())
    for budget in ("0", "0.3", "1", "5"):
        bought = affordable_samples(float(budget), models, tokens)
        assert bought == {model.name: by_counting(budget, model, tokens) for model in models}


@given(
    cents=st.integers(0, 500),
    price=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    size=st.tuples(st.integers(0, 9_000), st.integers(1_000, 9_000)),
)
def test_samples_for_any_budget_and_price(cents: int, price: tuple[int, int], size: tuple[int, int]) -> None:
    model = Model(name="a:b", input_usd_per_mtok=price[0] / 10, output_usd_per_mtok=price[1] / 10)
    tokens = Usage(input_tokens=size[0], output_tokens=size[1])
    expected = by_counting(f"{cents / 100}", model, tokens)
    assert affordable_samples(cents / 100, [model], tokens) == {"a:b": expected}


def test_a_budget_buys_what_it_pays_for_to_the_last_cent() -> None:
    model = Model(name="a:b", input_usd_per_mtok=0.1, output_usd_per_mtok=0.1)
    assert affordable_samples(0.3, [model], Usage(input_tokens=1_000_000)) == {"a:b": 3}


def test_no_price_and_a_price_of_nothing_limit_nothing() -> None:
    models = [Model(name="a:unknown"), model_of("replay:x")]
    assert affordable_samples(1, models, Usage(input_tokens=1)) == {"a:unknown": None, "replay:x": None}

"""How a strategy is written: what is meant is read, what is not says what there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain import Budget
from agent.ledger import Ledger
from agent.policies.choose import METHODS, make_policy, parse_strategy, written
from agent.policies.search import Option, Search
from benchmarks.simulated import MODEL, aims_of
from storage.memory import MemoryArchive
from tools.errors import UserError


@st.composite
def strategies(draw: st.DrawFn) -> tuple[str, dict[str, Option]]:
    method = METHODS[draw(st.sampled_from(sorted(METHODS)))]
    options: dict[str, Option] = {}
    for one in method.parameters:
        if not draw(st.booleans()):
            continue
        if isinstance(one.default, str):
            options[one.name] = draw(st.sampled_from(one.words))
        elif isinstance(one.default, int):
            options[one.name] = draw(st.integers(int(one.low), int(min(one.high, 10**9))))
        else:
            options[one.name] = draw(st.floats(one.low, one.high, allow_nan=False))
    return method.name, options


@given(strategy=strategies())
def test_a_strategy_reads_back_as_it_was_written(strategy: tuple[str, dict[str, Option]]) -> None:
    name, options = strategy
    text = written(METHODS[name], options)
    method, read = parse_strategy(text)
    assert (method.name, read) == (name, options)
    assert written(method, read) == text


def test_parameters_reach_the_directive() -> None:
    policy = make_policy(" best_of_n ( n = 3 , temperature=0.9 ) ", Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    directive = policy.next(MemoryArchive(), Ledger(Budget()))
    assert directive
    assert (directive.samples, directive.temperature) == (3, 0.9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("best_of", "no strategy 'best_of'; `hasten strategies` lists them: portfolio, rewrite"),
        ("best_of_n[8]", "written NAME or NAME(PARAMETER=VALUE,...)"),
        ("best_of_n(8)", "no parameter '8'; its parameters: n, temperature, ranker"),
        ("best_of_n(k=8)", "no parameter 'k'; its parameters: n, temperature, ranker"),
        ("best_of_n(n)", "give n one value, such as n=8"),
        ("best_of_n(n=3,n=4)", "give n one value, such as n=8"),
        ("best_of_n(n=many)", "n is a whole number from 1 to 100, not 'many'"),
        ("best_of_n(n=2.5)", "n is a whole number from 1 to 100, not '2.5'"),
        ("best_of_n(n=0)", "n is a whole number from 1 to 100, not 0"),
        ("best_of_n(temperature=hot)", "temperature is a number from 0 to 2, not 'hot'"),
        ("best_of_n(temperature=nan)", "temperature is a number from 0 to 2, not nan"),
        ("refine(patience=0)", "patience is a whole number of at least 1, not 0"),
        ("profile_refine(metric=cost)", "metric is one of time, memory, both, not 'cost'"),
        ("rewrite(n=1)", "rewrite has no parameter 'n'; it has none"),
        ("", "written NAME"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can(text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_strategy(text)
    assert said in str(caught.value)

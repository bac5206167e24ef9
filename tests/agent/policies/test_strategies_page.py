"""`docs/strategies.md` says what the strategies say of themselves."""

import re
from pathlib import Path

import pytest

from agent.policies.choose import METHODS
from agent.policies.portfolio import ARMS
from agent.prompts.methods import PAGES

PAGE = (Path(__file__).parents[3] / "docs/strategies.md").read_text("utf-8")


def section(name: str) -> str:
    return PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", METHODS)
def test_the_page_has_its_row_and_its_parameters(name: str) -> None:
    method = METHODS[name]
    paper = f"[{method.paper}]({method.url})" if method.url else method.paper
    row = f"| [`{name}`](#{name}) | {method.about} | {method.sends} | {method.chooses} | {paper} |"
    assert row in PAGE
    rows = [f"| `{one.name}` | {one.default} | {one.about} |" for one in method.parameters]
    assert re.findall(r"^\| `.*\|$", section(name), re.MULTILINE) == rows
    assert len(section(name).split()) > 20


def test_the_page_names_nothing_else() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]", PAGE, re.MULTILINE)
    assert rows == list(METHODS)


def test_the_portfolio_says_how_it_uses_each_method() -> None:
    words = " ".join(section("portfolio").split())
    for name, (_, options) in ARMS.items():
        inside = ", ".join(f"{key}={value}" for key, value in options.items())
        assert f"`{name}({inside})`" if inside else f"`{name}`" in words


def test_every_strategy_that_asks_a_model_has_its_page_of_prompts() -> None:
    pages = {page.stem for page in PAGES.glob("*.md")}
    assert pages == {name for name in METHODS if name not in ("portfolio", "rewrite")}

"""`hasten playbook`: what is remembered is listed, shown and forgotten."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.domain import Origin, Outcome
from agent.playbook.play import Play
from api.cli.main import run
from storage.store import open_store
from tools.measure.estimate import Estimate

PLAY = Play(
    language="python",
    target="shop.stock:match",
    summary="index by \x1b[31mkey",
    before="def match(orders, stock):\n    return [o for o in orders if o in stock]\n",
    after="def match(orders, stock):\n    known = set(stock)\n    return [o for o in orders if o in known]\n",
    pattern_before="def f0(v0, v1):\n    return [v2 for v2 in v0 if v2 in v1]",
    pattern_after="def f0(v0, v1):\n    v3 = set(v1)\n    return [v2 for v2 in v0 if v2 in v3]",
    form="f" * 64,
    tags=("comprehension", "membership"),
    gained=("set",),
    speedup=Estimate(point=3.0, low=2.8, high=3.2, level=0.95, pairs=20),
    source="https://example.org/shop",
    job="a1b2",
    candidate=4,
    origin=Origin.MODEL,
    author="openai:one",
    outcome=Outcome.KEPT,
    confirmed="2.9x on calls of match",
    at=datetime(2026, 3, 1, tzinfo=UTC),
)


def test_list_show_and_forget(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["playbook", "list"]) == 0
    assert "Nothing is remembered yet" in capsys.readouterr().out
    with open_store(home) as store:
        store.playbook.add(PLAY)
        store.playbook.add(replace(PLAY, form="e" * 64, target="shop.till:total"))

    assert run(["playbook", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed.index("shop.till:total") < listed.index("shop.stock:match")
    assert "3.00x [2.80, 3.20]" in listed
    assert "comprehension, membership → set" in listed
    assert "\x1b" not in listed

    assert run(["playbook", "show", "1"]) == 0
    shown = capsys.readouterr().out
    for text in ("known = set(stock)", "v3 = set(v1)", "job a1b2, candidate 4", "openai:one", "2.9x on calls of match"):
        assert text in shown

    assert run(["playbook", "forget", "1"]) == 0
    assert run(["playbook", "show", "1"]) == 2
    assert "hasten playbook list" in capsys.readouterr().err
    assert run(["playbook", "forget"]) == 2
    assert run(["playbook", "forget", "2", "--all"]) == 2
    assert run(["playbook", "forget", "--all"]) == 0
    assert "Forgot 1 rewrite." in capsys.readouterr().out
    with open_store(home) as store:
        assert list(store.playbook.plays()) == []

"""Who names the price where the service's own key pays."""

from pathlib import Path

import pytest

from storage.tenants import MAIN
from tools.errors import UserError
from workers.models import models_of
from workers.paying import check_paid
from workers.settings import Settings


def check(text: str, *, tenant: str = "acme", brought: tuple[str, ...] = (), **settings: object) -> None:
    held = Settings(**settings)
    check_paid(held, tenant, models_of(held, [text]), brought)


@pytest.mark.parametrize("text", ["openai:gpt-5=0/0", "openai:gpt-5=0.01/99", "openai:gpt-5=99/99/0"])
def test_a_model_is_not_cheaper_for_who_says_so(text: str) -> None:
    with pytest.raises(UserError, match=r"openai:gpt-5 costs more here than you say.*model:openai") as raised:
        check(text)
    assert raised.value.status == 422
    check("openai:gpt-5")
    check("openai:gpt-5=99/99")
    check(text, tenant=MAIN)
    check(text, brought=("openai",))


def test_a_model_without_a_price_is_asked_with_ones_own_key(tmp_path: Path) -> None:
    unknown = "openai:gpt-5-2025-08-07"
    for text in (unknown, f"{unknown}=1/1"):
        with pytest.raises(UserError, match="nobody here has said what openai:gpt-5-2025-08-07 costs"):
            check(text)
    with pytest.raises(UserError, match="nobody here"):
        check(unknown, brought=("anthropic",))
    check(unknown, brought=("openai",))
    check(unknown, model=unknown)  # the operator chose it
    (tmp_path / "models.toml").write_text(f'["{unknown}"]\nusd_per_mtok = {{ input = 1, output = 2 }}\n')
    check(unknown, models=tmp_path / "models.toml")
    with pytest.raises(UserError, match="costs more here"):
        check(f"{unknown}=1/1.5", models=tmp_path / "models.toml")


def test_the_operators_word_behind_a_name_is_its_price() -> None:
    with pytest.raises(UserError, match="costs more here"):
        check("openai:mine=0/0", model="openai:mine=1/2")
    check("openai:mine=1/2", model="openai:mine=1/2")

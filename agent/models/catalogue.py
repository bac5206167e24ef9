"""What models cost and hold, from a data file and the user's own; and what `--model` may say."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.domain import Model
from tools.errors import UserError

PRICES = Path(__file__).with_name("prices.toml")
REPLAY = "replay"
"""The provider of scripted models: its names are files."""
SYNTAX = "PROVIDER:NAME, then @WEIGHT and =IN/OUT where wanted, such as openai:gpt-5-mini@2 or openai:mine=0.10/0.40"

_PROVIDER = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_SUFFIXES = re.compile(
    rf"(?P<name>.+?)(?:@(?P<weight>\d{{1,3}}(?:\.\d+)?))?(?:=(?P<input>{_NUMBER})/(?P<output>{_NUMBER})(?:/(?P<cached>{_NUMBER}))?)?"
)


class _Dollars(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)


class _Listed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    usd_per_mtok: _Dollars | None = None
    context_tokens: int | None = Field(default=None, ge=1024)
    max_output_tokens: int | None = Field(default=None, ge=256)
    streaming: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What a file says of models."""

    models: Mapping[str, Model]
    """By their names."""
    noted: date | None = None
    """When the prices were read at the providers'."""


@cache
def known_prices() -> Prices:
    """What ships with Hasten."""
    return read_prices(PRICES)


def own_prices(path: Path) -> Prices:
    """The user's own file; what it leaves out of a model that ships with Hasten stays as it is there."""
    return read_prices(path, known_prices().models)


def read_prices(path: Path, known: Mapping[str, Model] | None = None) -> Prices:
    """A file of prices and limits, on top of those known; raises UserError that names what is wrong in it."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"the models of {path} cannot be read: {error}") from error
    noted = data.pop("noted", None)
    try:
        listed = TypeAdapter(dict[str, _Listed]).validate_python(data)
    except ValidationError as error:
        [first, *_] = error.errors()
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{where} in {path}: {first['msg']}; docs/models.md has the format") from error
    models = {name: _model((known or {}).get(name) or Model(name=name), one) for name, one in listed.items()}
    return Prices(models=models, noted=noted if isinstance(noted, date) else None)


def model_of(text: str, own: Mapping[str, Model] | None = None) -> Model:
    """What a value of `--model` names; raises UserError that says how one is written.

    `own` prices come before those that ship; what stands in the value itself comes before both. A price is None where
    nobody said it.
    """
    text = text.strip()
    provider, colon, rest = text.partition(":")
    if not colon or not rest:
        raise UserError(f"{text!r} does not say whose model it is; write {SYNTAX}")
    if not _PROVIDER.fullmatch(provider):
        raise UserError(f"{provider!r} in {text!r} is no provider; write {SYNTAX}")
    parts = _SUFFIXES.fullmatch(rest)
    if parts is None or ("=" in parts["name"] and provider != REPLAY):
        raise UserError(f"the price in {text!r} is not understood; write {SYNTAX}, in dollars per million tokens")
    weight = float(parts["weight"] or 1)
    if not weight:
        raise UserError(f"the weight in {text!r} is zero; leave the model out, or give it a weight above zero")
    model = replace(_known(f"{provider}:{parts['name']}", own or {}), weight=weight)
    if parts["input"] is None:
        return model
    cached = None if parts["cached"] is None else float(parts["cached"])
    return replace(
        model,
        input_usd_per_mtok=float(parts["input"]),
        output_usd_per_mtok=float(parts["output"]),
        cached_usd_per_mtok=cached,
    )


def _known(name: str, own: Mapping[str, Model]) -> Model:
    if name in own:
        return own[name]
    if name.startswith(f"{REPLAY}:"):
        return Model(name=name, input_usd_per_mtok=0.0, output_usd_per_mtok=0.0)
    return known_prices().models.get(name, Model(name=name))


def _model(known: Model, listed: _Listed) -> Model:
    given: dict[str, Any] = listed.model_dump(exclude={"usd_per_mtok"}, exclude_none=True)
    if listed.usd_per_mtok is not None:
        given |= {f"{kind}_usd_per_mtok": dollars for kind, dollars in listed.usd_per_mtok.model_dump().items()}
    return replace(known, **given)

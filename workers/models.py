"""Models by their names, and what reaches them."""

from collections.abc import Sequence
from pathlib import Path

from agent.domain import Model
from agent.models.messages import Chat
from workers.settings import Settings


def models_of(settings: Settings, texts: Sequence[str]) -> tuple[Model, ...]:
    """PLACEHOLDER."""
    del settings
    return tuple(Model(name=text) for text in texts)


def make_chat(settings: Settings, models: Sequence[Model], record: Path | None) -> Chat:
    """PLACEHOLDER."""
    raise NotImplementedError

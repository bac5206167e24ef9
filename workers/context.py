"""What is being worked on here and now, so that every line of the log says it: a job, a tenant, a request."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_FACTS: ContextVar[dict[str, str] | None] = ContextVar("facts", default=None)


@contextmanager
def about(**facts: str | None) -> Iterator[None]:
    """Within the block these facts hold beside those from outside: `job`, `tenant`, `request`, `trace`."""
    told = {name: value for name, value in facts.items() if value is not None}
    token = _FACTS.set({**(_FACTS.get() or {}), **told})
    try:
        yield
    finally:
        _FACTS.reset(token)


def note(**facts: str) -> None:
    """Add facts to the innermost block, also from a thread that works for it; nothing outside of any."""
    here = _FACTS.get()
    if here is not None:
        here.update(facts)


def facts() -> Mapping[str, str]:
    """What holds now."""
    return _FACTS.get() or {}

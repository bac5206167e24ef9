"""What is tried again, and until when."""

import time

import pytest

from storage.retrying import retried
from tools.errors import InfrastructureError


class Away:
    """A database by its patience alone."""

    patience_s = 0.3


def test_nothing_is_tried_for_ever() -> None:
    tries: list[bool] = []

    def fails(again: bool) -> None:
        tries.append(again)
        raise InfrastructureError("away", retryable=True)

    began = time.monotonic()
    with pytest.raises(InfrastructureError, match="away"):
        retried(Away(), fails)
    assert 0.3 <= time.monotonic() - began < 10
    assert tries[:2] == [False, True]
    tries.clear()
    patience = Away()
    patience.patience_s = 0.0
    with pytest.raises(InfrastructureError):
        retried(patience, fails)
    assert tries == [False]


def test_what_will_not_pass_is_not_tried_again() -> None:
    tries: list[bool] = []

    def fails(again: bool) -> None:
        tries.append(again)
        raise InfrastructureError("broken", retryable=False)

    with pytest.raises(InfrastructureError, match="broken"):
        retried(Away(), fails)
    assert tries == [False]

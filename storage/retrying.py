"""Transactions that are tried again while the database is away: PostgreSQL restarts, a network drops, a disk is full.

A transaction that failed may have been committed all the same: its answer was lost. So nothing is tried again blindly.
Here stand operations that come to the same when they are done twice, and those that look first whether they were done.
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from tools.errors import InfrastructureError

if TYPE_CHECKING:
    from storage.database import Database

PATIENCE_S = 30.0
"""How long a worker waits for its database: half a lease, so that a heartbeat in time still follows."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 2.0
"""Between two tries, chosen at random below a bound that doubles: not all workers return at the same moment."""

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class _Patience(Protocol):
    patience_s: float


class _Memory(Protocol):
    _database: "Database"


Memory = TypeVar("Memory", bound=_Memory)


def retried(database: _Patience, attempt: Callable[[bool], Result]) -> Result:
    """What `attempt` returns; it is called with True where an earlier call failed, and perhaps was done all the same.

    Only an InfrastructureError that is retryable is tried again, until the database's `patience_s` is over.
    """
    tries = 0

    def once() -> Result:
        nonlocal tries
        tries += 1
        return attempt(tries > 1)

    def is_over(state: RetryCallState) -> bool:
        return (state.seconds_since_start or 0.0) >= database.patience_s

    trying = Retrying(
        stop=is_over,
        wait=wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S),
        retry=retry_if_exception(_may_pass),
        reraise=True,
    )
    return trying(once)


def patient(
    method: Callable[Concatenate[Memory, Arguments], Result],
) -> Callable[Concatenate[Memory, Arguments], Result]:
    """A method that comes to the same when it is done twice, tried again as `retried` does."""

    @functools.wraps(method)
    def tried(memory: Memory, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        def attempt(again: bool) -> Result:
            del again
            return method(memory, *args, **kwargs)

        return retried(memory._database, attempt)

    return tried


def _may_pass(error: BaseException) -> Any:
    return isinstance(error, InfrastructureError) and error.retryable

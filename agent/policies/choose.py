"""Every strategy by its name."""

from collections.abc import Callable, Mapping

from agent.policies import rewrite
from agent.policies.rewrite import RewritePolicy
from agent.policies.search import Search
from agent.protocols import Policy
from tools.errors import UserError

POLICIES: Mapping[str, Callable[[Search], Policy]] = {rewrite.NAME: RewritePolicy, "portfolio": RewritePolicy}


def checked(name: str) -> str:
    """A strategy's name, as given; raises UserError with those there are."""
    if name not in POLICIES:
        raise UserError(f"there is no strategy {name!r}; `hasten strategies` lists them: {', '.join(POLICIES)}")
    return name


def make_policy(name: str, search: Search) -> Policy:
    """The strategy of this name; raises UserError with those there are."""
    return POLICIES[checked(name)](search)

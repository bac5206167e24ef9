"""The rules, one file each."""

from agent.proposers.rewrite.ruff import RuffRule
from agent.proposers.rewrite.rule import Rule
from agent.proposers.rewrite.rules.constant_set import ConstantSetRule
from agent.proposers.rewrite.rules.consume import ConsumeRule
from agent.proposers.rewrite.rules.count import CountRule
from agent.proposers.rewrite.rules.deque_queue import DequeQueueRule
from agent.proposers.rewrite.rules.extremum import ExtremumRule
from agent.proposers.rewrite.rules.hoist import HoistRule
from agent.proposers.rewrite.rules.join_index import JoinIndexRule
from agent.proposers.rewrite.rules.list_append import ListAppendRule
from agent.proposers.rewrite.rules.literal_set import LiteralSetRule
from agent.proposers.rewrite.rules.lookup import LookupRule
from agent.proposers.rewrite.rules.membership import MembershipRule
from agent.proposers.rewrite.rules.memoize import MemoizeRule
from agent.proposers.rewrite.rules.pattern import PatternRule
from agent.proposers.rewrite.rules.reuse import ReuseRule
from agent.proposers.rewrite.rules.seen_set import SeenSetRule
from agent.proposers.rewrite.rules.string_join import StringJoinRule

RULES: tuple[Rule, ...] = (
    JoinIndexRule(),
    MembershipRule(),
    SeenSetRule(),
    CountRule(),
    DequeQueueRule(),
    LookupRule(),
    ConsumeRule(),
    ListAppendRule(),
    ExtremumRule(),
    HoistRule(),
    PatternRule(),
    StringJoinRule(),
    MemoizeRule(),
    ReuseRule(),
    ConstantSetRule(),
    LiteralSetRule(),
    RuffRule(),
)
"""Every rule, by falling payoff."""

"""The rules, one file each."""

from agent.proposers.rewrite.ruff import RuffRule
from agent.proposers.rewrite.rule import Rule
from agent.proposers.rewrite.rules.any_loop import AnyLoopRule
from agent.proposers.rewrite.rules.array_loop import ArrayLoopRule
from agent.proposers.rewrite.rules.constant_call import ConstantCallRule
from agent.proposers.rewrite.rules.constant_set import ConstantSetRule
from agent.proposers.rewrite.rules.constant_table import ConstantTableRule
from agent.proposers.rewrite.rules.consume import ConsumeRule
from agent.proposers.rewrite.rules.count import CountRule
from agent.proposers.rewrite.rules.count_items import CountItemsRule
from agent.proposers.rewrite.rules.counter import CounterRule
from agent.proposers.rewrite.rules.deque_queue import DequeQueueRule
from agent.proposers.rewrite.rules.dict_items import DictItemsRule
from agent.proposers.rewrite.rules.either import EitherRule
from agent.proposers.rewrite.rules.extremum import ExtremumRule
from agent.proposers.rewrite.rules.find_in import FindInRule
from agent.proposers.rewrite.rules.frame_rows import FrameRowsRule
from agent.proposers.rewrite.rules.hoist import HoistRule
from agent.proposers.rewrite.rules.index_loop import IndexLoopRule
from agent.proposers.rewrite.rules.join_index import JoinIndexRule
from agent.proposers.rewrite.rules.join_list import JoinListRule
from agent.proposers.rewrite.rules.lazy_import import LazyImportRule
from agent.proposers.rewrite.rules.list_append import ListAppendRule
from agent.proposers.rewrite.rules.literal_set import LiteralSetRule
from agent.proposers.rewrite.rules.lookup import LookupRule
from agent.proposers.rewrite.rules.map_builtin import MapBuiltinRule
from agent.proposers.rewrite.rules.membership import MembershipRule
from agent.proposers.rewrite.rules.memoize import MemoizeRule
from agent.proposers.rewrite.rules.missing_key import MissingKeyRule
from agent.proposers.rewrite.rules.pattern import PatternRule
from agent.proposers.rewrite.rules.reuse import ReuseRule
from agent.proposers.rewrite.rules.row_lookup import RowLookupRule
from agent.proposers.rewrite.rules.seen_set import SeenSetRule
from agent.proposers.rewrite.rules.set_algebra import SetAlgebraRule
from agent.proposers.rewrite.rules.slice_prefix import SlicePrefixRule
from agent.proposers.rewrite.rules.sorted_search import SortedSearchRule
from agent.proposers.rewrite.rules.split_once import SplitOnceRule
from agent.proposers.rewrite.rules.string_join import StringJoinRule
from agent.proposers.rewrite.rules.struct_format import StructFormatRule
from agent.proposers.rewrite.rules.suppress import SuppressRule

RULES: tuple[Rule, ...] = (
    JoinIndexRule(),
    ArrayLoopRule(),
    FrameRowsRule(),
    MembershipRule(),
    SeenSetRule(),
    CountRule(),
    DequeQueueRule(),
    LookupRule(),
    SortedSearchRule(),
    ConsumeRule(),
    ListAppendRule(),
    ExtremumRule(),
    HoistRule(),
    StructFormatRule(),
    PatternRule(),
    ConstantTableRule(),
    ConstantCallRule(),
    SlicePrefixRule(),
    StringJoinRule(),
    CountItemsRule(),
    CounterRule(),
    SetAlgebraRule(),
    MemoizeRule(),
    RowLookupRule(),
    IndexLoopRule(),
    ReuseRule(),
    DictItemsRule(),
    FindInRule(),
    SplitOnceRule(),
    SuppressRule(),
    MapBuiltinRule(),
    MissingKeyRule(),
    ConstantSetRule(),
    AnyLoopRule(),
    EitherRule(),
    JoinListRule(),
    LiteralSetRule(),
    RuffRule(),
    LazyImportRule(),
)
"""Every rule, by falling payoff."""

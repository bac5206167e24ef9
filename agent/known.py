"""What an earlier job of this home found of the same commit: used again, so that a second job starts at once.

An entry is a blob of the home, by the digest of its content, under a key of everything it depends on: the files, the
recipe, the environment, the sandbox, the driver and what was asked of it. A blob that is gone or damaged is no entry.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from agent.domain import StepKind
from agent.kit import Kit
from agent.promise import Payoffs
from agent.proposers.rewrite.rules import RULES
from agent.protocols import Blobs
from tools.errors import InfrastructureError
from tools.impact import Touched
from tools.profile.native import NativeProfile
from tools.profile.profile import Profile
from tools.profile.source import Function
from tools.recipe.recipe import Recipe
from tools.testsuite import SuiteRun
from tools.workload.benchmarks import Listing
from tools.workload.session import Side

_RUN = TypeAdapter(SuiteRun)
_PROFILE = TypeAdapter(Profile)
_LISTING = TypeAdapter(Listing)
_NATIVE = TypeAdapter(NativeProfile)
_PAYOFFS = TypeAdapter(Payoffs)
_T = TypeVar("_T")
FORMAT = 1


@dataclass(kw_only=True)
class Known:
    """Looks things up before they are made, and keeps what was made."""

    kit: Kit
    key: str
    """Digest of what everything rests on."""
    fresh: bool
    """Nothing is looked up."""
    reused: list[str] = field(default_factory=list)
    """What was not made again, in words."""

    def suite(
        self, name: str, asked: object, make: Callable[[], SuiteRun], keep: Callable[[SuiteRun], bool]
    ) -> tuple[SuiteRun, bool]:
        """A run of the suite, kept where `keep` says so, and whether an earlier job made it."""
        before = len(self.reused)
        run = self._remembered(name, asked, make, _suite_to_json, _suite_from_json, keep)
        return run, len(self.reused) > before

    def profile(self, name: str, asked: object, make: Callable[[], Profile]) -> Profile:
        """The profile of a workload."""
        return self._remembered(name, asked, make, _PROFILE.dump_json, _PROFILE.validate_json)

    def native(self, name: str, asked: object, make: Callable[[], NativeProfile]) -> NativeProfile:
        """The profile of a command's compiled code."""
        return self._remembered(name, asked, make, _NATIVE.dump_json, _NATIVE.validate_json)

    def benchmarks(self, name: str, make: Callable[[], Listing]) -> Listing:
        """The repository's own benchmarks; their workloads must still stand."""
        found = self._remembered(name, None, make, _LISTING.dump_json, _LISTING.validate_json)
        return found if all(one.workload.folder.is_dir() for one in found.benchmarks) else make()

    def payoffs(self, targets: Sequence[str], make: Callable[[], Payoffs]) -> Payoffs:
        """What the rules find in these targets; other rules find other things."""
        asked = [list(targets), [f"{rule.name} {rule.payoff}" for rule in RULES]]
        found = self._remembered("findings", asked, make, _PAYOFFS.dump_json, _PAYOFFS.validate_json)
        self.reused = [name for name in self.reused if name != "findings"]  # nothing was measured
        return found

    def say(self) -> None:
        """Tell what was not made again."""
        if not self.reused:
            return
        text = f"known of this commit from an earlier job: {', '.join(self.reused)} (--fresh measures anew)"
        self.kit.journal.append(StepKind.NOTE, text, {"reused": list(self.reused)})
        self.kit.progress.note(text)

    def _remembered(
        self,
        name: str,
        asked: object,
        make: Callable[[], _T],
        write: Callable[[_T], bytes],
        read: Callable[[bytes], _T],
        keep: Callable[[_T], bool] = lambda _: True,
    ) -> _T:
        place = self._place(name, asked)
        if not self.fresh:
            try:
                found = read(self._blobs.get(place.read_text("ascii").strip()))
                os.utime(place)  # an entry that is asked for stays
            except (OSError, KeyError, ValueError, ValidationError, InfrastructureError):
                pass  # never made, or no longer whole: it is made again
            else:
                self.reused.append(name)
                return found
        made = make()
        if not keep(made):
            return made
        digest = self._blobs.put(write(made))
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(f".{os.getpid()}")
        beside.write_text(digest, "ascii")
        beside.replace(place)
        return made

    @property
    def _blobs(self) -> Blobs:
        return self.kit.own_blobs or self.kit.blobs

    def _place(self, name: str, asked: object) -> Path:
        text = json.dumps([FORMAT, self.key, name, asked], sort_keys=True, default=str)
        return self.kit.home / "known" / hashlib.sha256(text.encode()).hexdigest()


def known_of(side: Side, recipe: Recipe, subdirectory: str, kit: Kit, *, fresh: bool) -> Known:
    """What is known of one tree under one recipe in one environment."""
    environment = side.environment
    rests_on = [
        *(side.tree.name, subdirectory, repr(recipe), environment.digest, environment.driver.name),
        *(environment.python_version, type(side.sandbox).__name__, repr(side.limits)),
    ]
    key = hashlib.sha256("\0".join(rests_on).encode()).hexdigest()
    return Known(kit=kit, key=key, fresh=fresh)


def _suite_to_json(run: SuiteRun) -> bytes:
    """As JSON; functions, which many tests share, stand once."""
    numbers: dict[Function, int] = {}
    touched = run.touched
    by_test = {
        test: [numbers.setdefault(function, len(numbers)) for function in sorted(functions)]
        for test, functions in (touched.by_test if touched else {}).items()
    }
    at_import = [numbers.setdefault(one, len(numbers)) for one in sorted(touched.at_import if touched else ())]
    table = {
        "touched": touched is not None,
        "functions": [[function.path, function.qualname] for function in numbers],
        "by_test": by_test,
        "at_import": at_import,
    }
    return json.dumps(table).encode() + b"\n" + _RUN.dump_json(replace(run, touched=None))


def _suite_from_json(data: bytes) -> SuiteRun:
    table, _, rest = data.partition(b"\n")
    read = json.loads(table)
    run = _RUN.validate_json(rest)
    if not read["touched"]:
        return run
    functions = [Function(path=path, qualname=qualname) for path, qualname in read["functions"]]
    by_test = {test: frozenset(functions[number] for number in ran) for test, ran in read["by_test"].items()}
    at_import = frozenset(functions[number] for number in read["at_import"])
    return replace(run, touched=Touched(by_test=by_test, at_import=at_import))

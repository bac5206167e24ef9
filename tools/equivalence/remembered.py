"""What was seen at a glance before: of the unchanged code on the same inputs, and of code that did exactly the same.

For tries at a desk alone. A judgement draws inputs that nothing of the candidate was made knowing, so it never meets
the same twice; a desk's inputs are the same for every state of the code, and what it answers is no verdict.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from tools.equivalence.cases import Case
from tools.equivalence.constants import Constant
from tools.equivalence.explain import Explained
from tools.equivalence.observe import Observed
from tools.workload.session import Side
from tools.workload.workload import Workload

_OF_THIS_RUN = ("seconds",)
Key = tuple[str, str, int, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The inputs of one comparison, and what the reference did on them."""

    drawn: tuple[Case, ...]
    """All that were chosen; there may not have been time for the last ones."""
    cases: tuple[Case, ...]
    before: Observed
    has_equal: bool


@dataclass(kw_only=True)
class Remembered:
    """Glances so far, of one parent."""

    references: dict[Key, Asked] = field(default_factory=dict)
    outcomes: dict[tuple[Key, str, float], Explained] = field(default_factory=dict)
    reused: int = 0
    """How often the outcome of other code stood for that of code that did the same."""

    def asked(self, key: Key, make: Callable[[], Asked]) -> Asked:
        """What the reference did on the inputs of `key`."""
        if key not in self.references:
            self.references[key] = make()
        return self.references[key]

    def explained(self, key: Key, after: Observed, tolerance: float, make: Callable[[], Explained]) -> Explained:
        """How the sides differ; the same as of code whose every answer was the same, bit for bit."""
        place = key, exact_digest(after), tolerance
        known = self.outcomes.get(place)
        if known is not None:
            self.reused += 1
            return known
        found = self.outcomes[place] = make()
        return found


def key_of(reference: Side, workload: Workload, seed: int, pool: tuple[Constant, ...]) -> Key:
    """The same where the same code is given the same inputs; a tree and a workload are named by their content."""
    return str(reference.tree), str(workload.folder), seed, tuple((type(one).__name__, repr(one)) for one in pool)


def exact_digest(observed: Observed) -> str:
    """Of everything that was seen of a side but how long it took and which lines ran; nothing is rounded."""
    answers = {
        number: {name: value for name, value in answer.items() if name not in _OF_THIS_RUN}
        for number, answer in observed.answers.items()
    }
    seen = asdict(replace(observed, opened=None, answers={}, lines={}, watched=frozenset()))
    text = json.dumps([sorted(answers.items()), sorted(observed.watched), seen], sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

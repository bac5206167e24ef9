"""What a job works with: everything that touches the world or remembers, wired once and handed down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.domain import Review
from agent.ledger import Ledger
from agent.models.messages import Chat
from agent.protocols import Archive, Blobs, Calibrations, Journal, Playbook, Progress
from agent.ranking import AsTheyCome, Ranker
from tools.git.source import AT_HOME, Admission
from tools.measure.cores import CoreLocks
from tools.sandbox.contract import Sandbox


@dataclass(frozen=True, kw_only=True)
class Kit:
    """The tools of one job."""

    home: Path
    sandbox: Sandbox
    journal: Journal
    archive: Archive
    blobs: Blobs
    ledger: Ledger
    progress: Progress
    cores: CoreLocks
    machine: Callable[[], Mapping[str, object]]
    """What this host is, for the record."""
    place: str = ""
    """Which host and home this is: what was measured at another one is measured again. Empty where nobody says."""
    own_blobs: Blobs | None = None
    """Where a home keeps what it alone looks up again; None keeps it among the others."""
    chat: Chat | None = None
    """Reaches the models; None where the job has none."""
    ranker: Ranker = field(default_factory=AsTheyCome)
    """Orders the drafts of a round that judges them all."""
    stacked: bool = False
    """Whether the trees between kept diffs are judged too: somebody wants a commit of each."""
    calibrations: Calibrations | None = None
    """Where A/A runs are kept; None keeps none."""
    playbook: Playbook | None = None
    """Kept rewrites of earlier jobs; None where none are looked up and none are remembered."""
    reviews: Callable[[], Sequence[Review]] = tuple
    """What people said of the job so far, in order."""
    git_env: Mapping[str, str] = field(default_factory=dict)
    """What git needs to trust a remote here (certificates, proxies), and the credentials that are for this job."""
    admission: Admission = AT_HOME
    """Which sources are taken."""
    index_env: Mapping[str, str] = field(default_factory=dict)
    """The user's own package index settings, for building environments."""

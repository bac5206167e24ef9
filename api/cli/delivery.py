"""`--apply` and `--branch`: the only ways the user's own repository is written."""

from rich.console import Console
from rich.text import Text

from agent.domain import Job
from api.commits import commits_of
from api.legible import line
from api.report import Report
from api.reporting import delivered_patch
from tools.errors import UserError
from tools.git.deliver import apply_to_checkout, check_new_branch, make_branch
from tools.git.patch import parse_patch
from tools.git.source import LocalSource, check_ref, parse_source


class Delivery:
    """What is to be done with the patch that a job delivers."""

    def __init__(self, job: Job, *, apply: bool, branch: str | None) -> None:
        """Raises UserError for what could never be done, before the job begins."""
        self._apply = apply
        self._branch = None if branch is None else check_ref(branch)
        source = parse_source(job.source)
        self._path = source.path if isinstance(source, LocalSource) else None
        wanted = " and ".join(["--apply"] * apply + ["--branch"] * (branch is not None))
        if wanted and self._path is None:
            raise UserError(
                f"{wanted} needs a checkout on this machine: clone or unpack {job.source} and name its folder"
            )
        if self._path is not None and self._branch is not None:
            check_new_branch(self._path, self._branch)
        if apply and job.ref is not None:
            raise UserError("--apply writes into the checkout as it stands; leave out --ref, or use --branch")

    @property
    def needs_commits(self) -> bool:
        """Whether what is kept is wanted one by one."""
        return self._branch is not None

    def deliver(self, report: Report, console: Console) -> None:
        """Write what was asked for; raises UserError where the checkout cannot take the patch."""
        patch = delivered_patch(report)
        if self._path is None or not (self._apply or self._branch):
            return
        if patch is None:
            console.print("Nothing was kept, so the checkout stays as it is.")
            return
        if self._branch:
            base = None if report.snapshot.commit.startswith("tree:") else report.snapshot.commit
            commits = commits_of(report)
            make_branch(self._path, self._branch, commits, base=base)
            count = f"{len(commits)} commit{'s' * (len(commits) != 1)}"
            console.print(Text.assemble(f"{count} on the new branch ", (self._branch, "bold")))
        if self._apply:
            written = apply_to_checkout(self._path, parse_patch(patch))
            console.print(Text(f"Applied: {line(', '.join(written))}"))

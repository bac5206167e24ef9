"""The selector of a job, by its name."""

from agent.baseline import Baseline
from agent.bench import Plans
from agent.domain import Job
from agent.kit import Kit
from agent.protocols import Selector
from agent.selectors.fastest import Fastest
from agent.selectors.names import DISTINGUISH, NAMES
from tools.errors import UserError


def make_selector(job: Job, baseline: Baseline, plans: Plans, kit: Kit) -> Selector:
    """`fastest` or `distinguish`; without a model always the first. Raises UserError for another name."""
    if job.selector not in NAMES:
        raise UserError(f"there is no selector {job.selector!r}; there are {', '.join(NAMES)}")
    if job.selector == DISTINGUISH and kit.chat is not None and job.models:
        from agent.selectors.distinguish import Distinguish  # noqa: PLC0415 - jobs without a model need none of it

        return Distinguish(job, baseline, plans, kit)
    return Fastest()

"""The diffs that were kept on real projects, each with the sentence of the person who read it."""

from merged_changes import interval
from running import Run

READ: dict[str, dict[str, str]] = {}
"""By project and changed function: why a maintainer could merge it, or why not."""
UNREAD = "Nobody has read this one yet."


def diffs(one: Run) -> list[str]:
    """What was kept of one project, to be read."""
    lines = []
    for kept in one.report["kept"] if one.report else []:
        name = (kept["target"] or "").partition(":")[2]
        lines += [f"### {one.name}: {kept['summary']}", "", f"{interval(kept['speedup'])} on {kept['workload']}."]
        lines += [READ.get(one.name, {}).get(name, UNREAD), ""]
        lines += [*(f"- {caveat}" for caveat in kept["caveats"]), *([""] if kept["caveats"] else [])]
        lines += ["```diff", kept["patch"].rstrip("\n"), "```", ""]
    return lines

"""Writes `docs/rules.md` from the rules: `python -m agent.proposers.rewrite.docs`."""

import sys
import textwrap
from pathlib import Path

from agent.proposers.rewrite.rules import RULES

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
_HEAD = """\
# The rewriter's rules

The proposer `rewrite` makes candidates without any model. Each rule reads one function and proposes edits. Every edit
is then judged like any other candidate: by the tests, by fresh inputs, and by measuring. A rule *proves* what it can
from the function itself. What it cannot prove but finds likely is said below, and left to the judge. What would be
wrong is refused: `tests/agent/proposers/rewrite/corpus/refuse` holds look-alikes of every rule.

Where several edits are found in a function, one more candidate composes them all; it is tried first. Rules are tried in
the order of this page.

This page is generated: change the rules, then run `python -m agent.proposers.rewrite.docs`.
"""


def page() -> str:
    """The page's text."""
    parts = [_HEAD]
    for rule in sorted(RULES, key=lambda rule: -rule.payoff):
        text = textwrap.fill(
            f"**Safe when.** {rule.safe_when}", width=120, break_long_words=False, break_on_hyphens=False
        )
        what = (type(rule).__doc__ or "").strip()
        parts.append(f"## {rule.name}\n\nFinds code that {what[0].lower()}{what[1:]}\n\n{text}\n")
    return "\n".join(parts)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

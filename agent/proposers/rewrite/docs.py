"""Writes `docs/rules.md` from the rules and the figures: `python -m agent.proposers.rewrite.docs`."""

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from agent.proposers.rewrite.rules import RULES

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
FIGURES = Path(__file__).parents[3] / "benchmarks" / "rules" / "figures.json"
"""What `python -m benchmarks.rules` measured."""
_HEAD = """\
# The rewriter's rules

The proposer `rewrite` makes candidates without any model. Each rule reads one function and proposes edits. Every edit
is then judged like any other candidate: by the tests, by fresh inputs, and by measuring. A rule *proves* what it can
from the function itself. What it cannot prove but finds likely is said below, and left to the judge. What would be
wrong is refused: `tests/agent/proposers/rewrite/corpus/refuse` holds look-alikes of every rule.

Where several edits are found in a function, one more candidate composes them all. It is tried first; where it is no
faster, its parts are not tried. Rules are tried in the order of this page.

This page is generated: change the rules, then run `python -m agent.proposers.rewrite.docs`.
"""
_MEASURED = """\
Each rule is measured on the examples of its corpus (`tests/agent/proposers/rewrite/corpus/accept`), before and after in
turns within one run; the best of them is shown. Machine: {machine}, {cores} cores, Python {python}. The command is
`python -m benchmarks.rules`. What a rule gives a real function depends on what else that function does.
"""


def page() -> str:
    """The page's text."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    parts = [_HEAD, _filled(_MEASURED.format(**figures)) + "\n"]
    for rule in sorted(RULES, key=lambda rule: -rule.payoff):
        text = _filled(f"**Safe when.** {rule.safe_when}")
        what = (type(rule).__doc__ or "").strip()
        measured = _filled(_measured(figures["rules"][rule.name]))
        parts.append(f"## {rule.name}\n\nFinds code that {what[0].lower()}{what[1:]}\n\n{text}\n\n{measured}\n")
    return "\n".join(parts)


def _filled(text: str) -> str:
    return textwrap.fill(text, width=120, break_long_words=False, break_on_hyphens=False)


def _measured(figure: dict[str, Any]) -> str:
    """What one rule gives, as a sentence."""
    spent = f"{figure['before_us']:,.0f} µs before"
    return f"**Measured.** {figure['speedup']:.2f}x on `{figure['example']}` ({figure['what']}, {spent})."


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

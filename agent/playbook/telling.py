"""A play in a prompt: what it gained and what it did."""

from agent.playbook.play import C, Play, same_repository
from agent.prompts.fence import fenced, quoted

MOST_CHARACTERS = 2_400
"""Of either side."""


def told(play: Play, source: str, heading: str) -> str:
    """A play for a session on the repository `source`, both sides fenced.

    One of another repository shows its patterns: names, texts and numbers of its place are nobody's business elsewhere,
    and what comments and docstrings might say is gone.
    """
    own = same_repository(play, source) or not play.source
    before, after = (play.before, play.after) if own else (play.pattern_before, play.pattern_after)
    language = "c" if play.language == C else "python"
    gain = f"{play.speedup} where it was measured" if play.speedup else ""
    where = f"this repository, `{quoted(play.target, 120)}`" if own and play.source else ""
    facts = "; ".join(fact for fact in (gain, where, quoted(play.summary) if own else _kinds(play)) if fact)
    sides = (f"{side}:\n\n{fenced(_cut(code), language)}" for side, code in (("Before", before), ("After", after)))
    return "\n\n".join((f"{heading}: {facts}", *sides))


def _kinds(play: Play) -> str:
    had, got = ", ".join(play.tags[:6]), ", ".join(play.gained[:6])
    return f"{had or 'plain code'} → {got or 'less of the same'}"


def _cut(code: str) -> str:
    return code if len(code) <= MOST_CHARACTERS else f"{code[:MOST_CHARACTERS]}\n... ({len(code):,} characters in all)"

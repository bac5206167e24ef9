"""What a directive may have measured and shown beside the code, by name, from the most to the least lasting."""

from collections.abc import Callable, Mapping

from agent.desk import Desk
from agent.prompts import view_costliest, view_examples, view_history, view_lessons, view_profiles
from agent.prompts.feedback import Manner

View = Callable[[Desk], str]
"""A section of the prompt in Markdown, its heading first; empty where there is nothing to show."""

VIEWS: Mapping[str, View] = {
    "examples": view_examples.examples,
    "history": view_history.history,
    "profile": view_profiles.functions,
    "lines": view_profiles.lines,
    "memory": view_profiles.memory,
    "costliest test": view_costliest.costliest_test,
    "lessons": view_lessons.lessons,
    **{manner: lambda _desk: "" for manner in Manner},
}
"""Those of `Manner` show nothing by themselves: they say how earlier attempts are told."""

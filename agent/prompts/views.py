"""What a directive may have measured and shown beside the code, by name."""

from collections.abc import Callable, Mapping

from agent.desk import Desk

View = Callable[[Desk], str]
"""A section of the prompt in Markdown, its heading first; empty where there is nothing to show."""

VIEWS: Mapping[str, View] = {}

"""Edits without a model: rules that change an algorithm or a data structure, and ruff's performance fixes."""

from agent.proposers.rewrite.rewriter import rewrites
from agent.proposers.rewrite.rule import Edit, Rule

__all__ = ["Edit", "Rule", "rewrites"]

"""Only what a branch changed: the functions that differ between its merge base with a ref and the commit at hand."""

import ast
from collections.abc import Sequence
from pathlib import Path

from agent.domain import Job
from agent.kit import Kit
from tools.errors import UserError
from tools.git.since import changed_since
from tools.git.snapshot import Snapshot
from tools.impact import FunctionNode
from tools.profile.source import Function


def functions_since(job: Job, snapshot: Snapshot, kit: Kit) -> frozenset[Function] | None:
    """The functions that a job may change because its branch did; None where any may.

    Raises UserError where the source has no history, the ref is unknown, or no function changed.
    """
    if job.since is None:
        return None
    seen = changed_since(
        job.source, job.since, snapshot.commit, home=kit.home, extra_env=kit.git_env, admission=kit.admission
    )
    found = frozenset(
        Function(path=path, qualname=name)
        for path, before in seen.before.items()
        for name in _differing(before or b"", _read(snapshot.tree / path))
    )
    if not found:
        raise UserError(
            f"no Python function changed since {job.since} (merge base {seen.base[:12]}); leave --since out, or name "
            "an earlier ref"
        )
    count = "1 function" if len(found) == 1 else f"{len(found)} functions"
    kit.progress.note(f"{count} changed since {job.since} (merge base {seen.base[:12]})")
    return found


def _differing(before: bytes, after: bytes) -> set[str]:
    """Functions of `after` that are new or not what they were; comments and layout do not count."""
    old, new = _bodies(before), _bodies(after)
    return {name for name, body in new.items() if old.get(name) != body}


def _bodies(text: bytes) -> dict[str, str]:
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, str] = {}
    _collect(module.body, "", found)
    return found


def _collect(body: Sequence[ast.AST], prefix: str, found: dict[str, str]) -> None:
    for node in body:
        if isinstance(node, FunctionNode):
            found[prefix + node.name] = found.get(prefix + node.name, "") + ast.dump(node)
        elif isinstance(node, ast.ClassDef):
            _collect(node.body, f"{prefix}{node.name}.", found)
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            _collect(list(ast.iter_child_nodes(node)), prefix, found)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else b""

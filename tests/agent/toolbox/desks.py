"""A desk on a folder of files, without an environment or a sandbox: for tools that read and change text."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from paper_desk import paper_job, paper_kit

from agent.baseline import Baseline
from agent.desk import Desk
from agent.domain import UNCHANGED, Directive
from agent.toolbox.tool import named
from agent.toolbox.tools import TOOLS
from tools.errors import ToolError
from tools.git.take import take_snapshot
from tools.recipe.environment import Environment
from tools.recipe.hasten_toml import read_recipe


def desk_on(source: Path, home: Path, installed: Path | None = None) -> Desk:
    """A desk at the files of `source`, a folder or a checkout; `installed` is what stands in site-packages."""
    snapshot = take_snapshot(str(source), home=home)
    venv = home / "venv"
    packages = venv / "lib" / "python3.11" / "site-packages"
    packages.parent.mkdir(parents=True, exist_ok=True)
    if installed is not None and not packages.exists():
        packages.symlink_to(installed)
    environment = Environment(
        digest="none", venv=venv, interpreter=home, generated=home, driver=home, python_version="3.11.0"
    )
    unknown = {field.name: None for field in dataclasses.fields(Baseline) if field.default is dataclasses.MISSING}
    baseline = Baseline(
        **{**unknown, "snapshot": snapshot, "recipe": read_recipe(snapshot.project), "environment": environment}
    )
    job = dataclasses.replace(paper_job(), source=str(source))
    kit = dataclasses.replace(paper_kit(job), home=home)
    directive = Directive(round=1, parent=UNCHANGED, target="x:y", proposer="session", method="test")
    return Desk(job=job, baseline=baseline, directive=directive, kit=kit)


def call(desk: Desk, called: str, /, **arguments: object) -> str:
    """What a tool answers, checked as a model's call is; an error begins with `Error:`."""
    tool = named(TOOLS, called)
    try:
        return tool.run(desk, tool.parse(json.dumps(arguments)))
    except ToolError as error:
        return f"Error: {error}"

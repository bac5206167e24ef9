"""The projects that edits are made to: pinned sdists of pure Python with quick test suites."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks import sdists


@dataclass(frozen=True, kw_only=True)
class Project:
    """One sdist."""

    requirement: str
    digest: str
    """SHA-256 of its archive."""
    root: str = ""
    """The folder that its packages are imported from."""


PROJECTS = {
    "boltons": Project(
        requirement="boltons==26.2.0",
        digest="d39cfd15c1a1c3bd4d705c82252fa9edb8e4f5e8cc039f8e39afac7b1b47e92c",
    ),
    "cachetools": Project(
        requirement="cachetools==5.5.0",
        digest="2cc24fb4cbe39633fb7badd9db9ca6295d766d9c2995f245725a46715d050f2a",
        root="src",
    ),
    "humanize": Project(
        requirement="humanize==4.10.0",
        digest="06b6eb0293e4b85e8d385397c5868926820db32b9b654b932f57fa41c23c9978",
        root="src",
    ),
    "inflection": Project(
        requirement="inflection==0.5.1",
        digest="1a29730d366e996aaacffb2f1f1cb9593dc38e2ddd30c91250c6dde09ea9b417",
    ),
    "more-itertools": Project(
        requirement="more-itertools==10.5.0",
        digest="5482bfef7849c25dc3c6dd53a6173ae4795da2a41a80faea6700d9f5846c5da6",
    ),
    "tabulate": Project(
        requirement="tabulate==0.10.0",
        digest="e2cfde8f79420f6deeffdeda9aaec3b6bc5abce947655d17ac662b126e48a60d",
    ),
    "toolz": Project(
        requirement="toolz==1.0.0",
        digest="2c86e3d9a04798ac556793bced838816296a2f085017664e4995cb40a1047a02",
    ),
}


def fetch(project: Project, folder: Path) -> Path:
    """The sdist, unpacked below `folder`; exits where it is not the pinned one."""
    folder.mkdir(parents=True, exist_ok=True)
    return sdists.fetch(project.requirement, project.digest, folder)

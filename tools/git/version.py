"""Which version a snapshot pretends to be: from its tags, else from its metadata."""

import configparser
import re
import tomllib
from collections.abc import Iterable
from email.parser import HeaderParser
from pathlib import Path

from packaging.version import InvalidVersion, Version

UNKNOWN = "0.0.0"
TAG = re.compile(r"^(?:[A-Za-z][A-Za-z0-9.]*[-_/])*[vV]?(?P<version>\d+[._]\d[A-Za-z0-9._+-]*)$")
MOST_METADATA_BYTES = 1 << 20


def version_of(tags: Iterable[str], project: Path, *, other_tags: Iterable[str] = ()) -> str:
    """The newest version among the tags, else what the project's metadata states plainly, else 0.0.0.

    `other_tags` are asked before giving up: those of a repository whose history is not here.
    """
    return _newest(tags) or stated_version(project) or _newest(other_tags) or UNKNOWN


def tag_version(tag: str) -> Version | None:
    """The version a tag stands for (`v1.2.3`, `sqlparse-0.5.1`, `rel_1_4_22`); None where it looks like none."""
    found = TAG.match(tag)
    if found is None:
        return None
    text = found["version"]
    return _version(text.replace("_", ".") if "." not in text else text)


def stated_version(project: Path) -> str | None:
    """The version in PKG-INFO, pyproject.toml or setup.cfg, where one is written out; nothing is run."""
    for name, read in (("PKG-INFO", _pkg_info), ("pyproject.toml", _pyproject), ("setup.cfg", _setup_cfg)):
        file = project / name
        if file.is_file() and file.stat().st_size <= MOST_METADATA_BYTES:
            version = _version(read(file.read_text(encoding="utf-8", errors="replace")) or "")
            if version is not None:
                return str(version)
    return None


def _newest(tags: Iterable[str]) -> str | None:
    versions = [version for tag in tags if (version := tag_version(tag)) is not None]
    return str(max(versions)) if versions else None


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _pkg_info(text: str) -> str | None:
    return HeaderParser().parsestr(text, headersonly=True).get("Version")


def _pyproject(text: str) -> str | None:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    for keys in (("project",), ("tool", "poetry")):
        table: object = tables
        for key in keys:
            table = table.get(key) if isinstance(table, dict) else None
        if isinstance(table, dict) and isinstance(table.get("version"), str):
            return str(table["version"])
    return None


def _setup_cfg(text: str) -> str | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return parser.get("metadata", "version", fallback=None)

"""Package index settings that stand in the user's uv and pip files, as the variables they stand for.

A build's sandbox sees neither the environment nor the home folder of the user, so what is configured there is handed
over by name; `tools.recipe.index_settings` then says which variables reach uv and under which name.
"""

import configparser
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.errors import UserError

_UV_KEYS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "index-strategy": "UV_INDEX_STRATEGY",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "allow-insecure-host": "UV_INSECURE_HOST",
    "native-tls": "UV_NATIVE_TLS",
}
_NAMED_INDEX = re.compile(r"UV_INDEX_[A-Z0-9_]+_(USERNAME|PASSWORD)")


def index_variables(environ: Mapping[str, str], pip_files: Iterable[Path], uv_files: Iterable[Path]) -> dict[str, str]:
    """The environment with what the files configure below it; files are given weakest first.

    Local folders that a file names and that are not there are left out, because uv would fail on them. Raises
    UserError for a file that cannot be read as its kind.
    """
    configured = _of_pip_files(pip_files) | _of_uv_files(uv_files)
    configured = {name: _without_missing(name, value) for name, value in configured.items()}
    for older, newer in (("UV_INDEX_URL", "UV_DEFAULT_INDEX"), ("UV_EXTRA_INDEX_URL", "UV_INDEX")):
        if environ.get(older):
            configured.pop(newer, None)
    return {name: value for name, value in (configured | dict(environ)).items() if value}


def index_credentials(environ: Mapping[str, str]) -> dict[str, str]:
    """User names and passwords of named indexes."""
    return {name: value for name, value in environ.items() if value and _NAMED_INDEX.fullmatch(name)}


def _of_pip_files(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise UserError(f"{file} is not a pip configuration that can be read ({type(error).__name__})") from error
        for section in ("global", "install"):
            if parser.has_section(section):
                for key, value in parser.items(section):
                    found[f"PIP_{key.upper().replace('-', '_')}"] = " ".join(value.split())
    return found


def _of_uv_files(files: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        if not file.is_file():
            continue
        try:
            data = tomllib.loads(file.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{file} is not a uv configuration that can be read: {error}") from error
        found |= _of_uv_table(data) | _of_uv_table(data.get("pip", {}))
    return found


def _of_uv_table(data: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    indexes = data.get("index", [])
    for index in indexes if isinstance(indexes, list) else []:
        name, url = index.get("name"), str(index.get("url", ""))
        if index.get("default"):
            found["UV_DEFAULT_INDEX"] = url
        elif not index.get("explicit"):
            found["UV_INDEX"] = " ".join(filter(None, [found.get("UV_INDEX"), f"{name}={url}" if name else url]))
    for key, name in _UV_KEYS.items():
        value = data.get(key)
        separator = "," if name == "UV_FIND_LINKS" else " "
        if isinstance(value, list):
            found[name] = separator.join([*filter(None, [found.get(name)]), *map(str, value)])
        elif isinstance(value, bool):
            found[name] = str(value).lower()
        elif value is not None:
            found[name] = str(value)
    return found


def _without_missing(name: str, value: str) -> str:
    if not name.endswith(("INDEX", "INDEX_URL", "FIND_LINKS")):
        return value
    separator = "," if name == "UV_FIND_LINKS" else " "
    return separator.join(item for item in re.split(r"[,\s]+", value) if item and not _is_missing(item))


def _is_missing(item: str) -> bool:
    location = re.sub(r"^[A-Za-z0-9_.-]+=", "", item)
    if location.startswith("file:"):
        location = unquote(urlsplit(location).path)
    return location.startswith("/") and not Path(location).exists()

"""Pages of a package index, with every file that they list led back through the proxy."""

import html
import html.parser
import json
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from tools.errors import InfrastructureError

KEPT_ATTRIBUTES = ("data-requires-python", "data-dist-info-metadata", "data-core-metadata", "data-yanked")
"""What a page says of a file beside its address (PEP 503, 592, 658, 714)."""

Lead = Callable[[str], str | None]
"""Where a file's address is found through the proxy; None for one that is left out."""


def led_back(text: str, kind: str, base: str, lead: Lead) -> tuple[bytes, str]:
    """The page and its content type; raises InfrastructureError for one that cannot be read."""
    if "json" in kind:
        return _json(text, base, lead), "application/vnd.pypi.simple.v1+json"
    return _html(text, base, lead), "text/html; charset=utf-8"


def _json(text: str, base: str, lead: Lead) -> bytes:
    try:
        page = json.loads(text)
        files = []
        for entry in page["files"]:
            url = lead(urljoin(base, entry["url"]))
            if url is not None:
                files.append({**entry, "url": url})
        return json.dumps({**page, "files": files}).encode()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InfrastructureError(f"The package index {urlsplit(base).netloc} does not answer plainly.") from error


def _html(text: str, base: str, lead: Lead) -> bytes:
    reader = _Anchors()
    reader.feed(text)
    reader.close()
    lines = ['<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"></head><body>']
    for attributes in reader.found:
        address, _, fragment = urljoin(base, attributes["href"] or "").partition("#")
        url = lead(address)
        if url is None:
            continue
        kept = [("href", f"{url}#{fragment}" if fragment else url)]
        kept += [(name, attributes[name] or "") for name in KEPT_ATTRIBUTES if name in attributes]
        words = " ".join(f'{name}="{html.escape(value)}"' for name, value in kept)
        lines.append(f"<a {words}>{html.escape(url.rpartition('/')[2])}</a><br>")
    return "\n".join([*lines, "</body></html>"]).encode()


class _Anchors(html.parser.HTMLParser):
    """The attributes of every link of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As HTMLParser calls it."""
        attributes = dict(attrs)
        if tag == "a" and attributes.get("href"):
            self.found.append(attributes)

"""From a view to a page: one HTML file that loads nothing and runs only the script it came with."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.legible import shown
from api.page.contents import Contents
from api.page.flame import ROW_PX
from api.page.view import view_of

HERE = Path(__file__).parent


def page_of(contents: Contents) -> str:
    """The page. Whatever comes from a target is escaped, with its control and direction characters written out."""
    style, script = (Path(HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("page.html.jinja")
    return template.render(
        view=view_of(contents),
        style=Markup(style),
        script=Markup(script),
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        row_px=ROW_PX,
    )


def _harmless(value: object) -> object:
    """Text of others with what is unsafe written out; what this package wrote itself stays as it is."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _digest(text: str) -> str:
    """As a content security policy names what may run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"

"""What holds for every answer: its headers, and which methods there are at a path."""

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer that does not say otherwise itself."""


def allowed(app: FastAPI, scope: Scope) -> list[str]:
    """Every method that something answers to at a path; none where nothing is there."""
    found = {name for name in METHODS if any(_is_for(route, {**scope, "method": name}) for route in app.routes)}
    if "GET" in found:
        found.add("HEAD")
    return sorted(found | {"OPTIONS"}) if found else []


def _is_for(route: BaseRoute, scope: Scope) -> bool:
    return route.matches(scope)[0] is Match.FULL

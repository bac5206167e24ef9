"""`hasten gc`: removes what is older than it may become, and blobs that nothing refers to."""

from typing import Annotated

import typer

from api.cli.console import make_console
from api.legible import line
from storage.collect import Collected
from tools.errors import UserError
from workers.collecting import collect
from workers.opening import open_service
from workers.settings import read_settings


def gc(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
) -> None:
    """Remove old jobs as the settings say, and blobs that nothing refers to."""
    settings = read_settings()
    with open_service(settings) as store:
        found = collect(store, settings, dry_run=dry_run)
    if found is None:
        raise UserError("another process collects at the moment; there is nothing to do", status=409)
    console = make_console()
    for sentence in _said(found):
        console.print(line(sentence), soft_wrap=True)


def _said(found: Collected) -> list[str]:
    would = "would be " if found.dry_run else ""
    expired = found.expired
    said = [
        f"{found.removed:,} of {found.blobs:,} blobs {would}removed, {found.removed_bytes:,} of {found.bytes:,} bytes.",
    ]
    if expired.jobs:
        more = "" if expired.jobs == len(expired.removed_jobs) else ", ..."
        said.append(f"{expired.jobs:,} jobs {would}removed: {', '.join(expired.removed_jobs)}{more}.")
    if expired.thinned:
        said.append(f"{expired.thinned:,} jobs {would}thinned.")
    if found.dry_run and (expired.jobs or expired.thinned):
        said.append("Their blobs are not among these: they go once the jobs are gone.")
    if expired.keys or expired.deliveries:
        said.append(f"{expired.keys:,} idempotency keys and {expired.deliveries:,} deliveries {would}removed.")
    if found.known:
        said.append(f"{found.known:,} entries of what was known of a commit {would}removed.")
    if found.young:
        said.append(f"{found.young:,} blobs that nothing refers to are too young to be removed.")
    return said

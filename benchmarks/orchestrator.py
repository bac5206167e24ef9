"""What a session costs beside the model and the sandbox: `python benchmarks/orchestrator.py [--json FILE]`.

A scripted model behind an endpoint of its own process holds long sessions on the sample project, with tools that only
read. The client, the journal in SQLite and the desk are the real ones. What is counted is processor time of
Hasten's own process, without that of the tools: on a busy machine every wait is longer.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import SecretStr
from verdict import prepared

from agent.baseline import prepare
from agent.desk import Desk
from agent.domain import UNCHANGED, Directive, Model
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.script import Entry, call, say, write_script
from agent.proposers.session import SessionProposer
from agent.toolbox.tool import Tool
from agent.toolbox.tools import TOOLS

TURNS = 36
"""Replies of one session that call tools, three each."""
SESSIONS = 4
MODEL = Model(name="openai:scripted", context_tokens=1_000_000)


def script() -> Iterator[Entry]:
    """What the model says in one session."""
    for turn in range(TURNS):
        yield say(
            "I look further.",
            call("view", path="src/shopfloor/stock.py", first=1 + turn, last=20 + turn),
            call("view", path="src/shopfloor/costing.py"),
            call("outline", path="src/shopfloor"),
        )
    yield say("Nothing.", call("submit", summary="nothing", give_up=True))


@dataclass
class Elsewhere:
    """Processor time of the tools."""

    cpu_s: float = 0.0

    def __post_init__(self) -> None:
        self._lock = Lock()

    def timed(self, tools: Sequence[Tool]) -> tuple[Tool, ...]:
        """The same tools, counted."""
        return tuple(replace(tool, run=self._counted(tool)) for tool in tools)

    def _counted(self, tool: Tool) -> Any:
        def run(desk: Desk, arguments: Any) -> str:
            began_s = time.thread_time()
            try:
                return tool.run(desk, arguments)
            finally:
                with self._lock:
                    self.cpu_s += time.thread_time() - began_s

        return run


@contextmanager
def endpoint(path: Path) -> Iterator[str]:
    """The address of a scripted model in a process of its own."""
    command = [str(Path(sys.executable).with_name("hasten")), "model", "replay", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://127\.0\.0\.1:\d+/v1", line):
                    yield found.group()
                    return
            raise SystemExit("the endpoint did not start")
        finally:
            process.terminate()


def measure() -> dict[str, Any]:
    """Milliseconds of processor time by step of the trajectory, session by session."""
    found: list[float] = []
    steps = 0
    with prepared() as (plain, bare), tempfile.TemporaryDirectory() as folder:
        baseline = prepare(plain, bare)
        path = write_script(Path(folder) / "script.jsonl", [entry for _ in range(SESSIONS + 1) for entry in script()])
        with endpoint(path) as url:
            job = replace(plain, models=(MODEL,), budget=replace(plain.budget, model_calls=10_000, tokens=10**9))
            kit = replace(bare, chat=LangchainChat([MODEL], Access(openai_base_url=SecretStr(url))))
            kit.ledger.budget = job.budget
            for number in range(1, SESSIONS + 2):
                directive = Directive(
                    round=number,
                    parent=UNCHANGED,
                    proposer="session",
                    target=baseline.targets[0].name,
                    method="refine",
                    model=MODEL.name,
                )
                elsewhere = Elsewhere()
                proposer = SessionProposer(job, baseline, {}, kit, tools=elsewhere.timed(TOOLS))
                began_s = time.process_time()
                assert not list(proposer.propose(directive, kit.ledger))
                own_s = time.process_time() - began_s - elsewhere.cpu_s
                steps = len(kit.journal.steps(round=number))
                if number > 1:  # the first one loads the client
                    found.append(own_s / steps * 1000)
    return {"sessions": SESSIONS, "steps": steps, "ms_by_session": [round(one, 2) for one in found]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    found = measure()
    each = found["ms_by_session"]
    spread = f"{statistics.median(each):.1f} ms of processor time by step (from {min(each):.1f} to {max(each):.1f})"
    print(f"{found['sessions']} sessions of {found['steps']} steps: {spread}")
    if options.json:
        options.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()

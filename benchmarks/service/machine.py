"""What the numbers were measured on, and whether other work was going on there."""

import os
import shutil
import subprocess
from datetime import UTC, datetime

from servers import postgres

from tools.sandbox.select import open_sandbox
from workers.machine import describe_machine


def machine() -> dict[str, object]:
    """Plain facts about this host and its servers."""
    facts = dict(describe_machine(open_sandbox("bubblewrap")))
    facts["postgresql"] = _version(str(postgres.programs()[0] / "postgres"))
    facts["redis"] = _version(shutil.which("redis-server") or "redis-server")
    return facts


def moment() -> dict[str, object]:
    """When a part was measured, and the load average before it began."""
    return {"at": datetime.now(UTC).date().isoformat(), "load": round(os.getloadavg()[0], 1)}


def _version(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    words = [word.removeprefix("v=") for word in said.split()]
    return next(word for word in words if word[0].isdigit())

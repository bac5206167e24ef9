"""What this host is, for the record: verdicts hold for the machine that they were measured on."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from tools.sandbox.contract import Sandbox


def describe_machine(sandbox: Sandbox) -> Mapping[str, object]:
    """Plain facts about the host, its Python and its sandbox, and a fingerprint of what timing depends on."""
    facts = {
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "sandbox": sandbox.name,
    }
    fingerprint = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    more = {"python": platform.python_version(), "sandbox_degraded": list(sandbox.degraded)}
    return {**facts, **more, "fingerprint": fingerprint}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor()
    )

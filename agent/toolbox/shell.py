"""The tool that runs a command in the sandbox."""

import re

from pydantic import Field

from agent.desk import Desk
from agent.toolbox.tool import Arguments, Tool
from tools.recipe.environment import DRIVER
from tools.sandbox.contract import Command, Ended, Finished, Limits

MOST_S = 120.0
MOST_OUTPUT_BYTES = 512 * 1024
MOST_PROCESSES = 128
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


class ShellArguments(Arguments):
    """Arguments of `shell`."""

    command: str = Field(description="For /bin/sh, run in the project's folder.", min_length=1)
    timeout_s: float = Field(default=30.0, description="The command is ended after this long.", ge=1.0, le=MOST_S)


def _shell(desk: Desk, arguments: ShellArguments) -> str:
    side = desk.side()
    environment = side.environment
    command = Command(
        argv=("/bin/sh", "-c", 'exec /bin/sh -c "$0" 2>&1', arguments.command),
        cwd=environment.cwd,
        env=environment.variables(hash_seed=0),
        mounts=tuple(one for one in environment.mounts(side.tree, writable=True) if one.target != DRIVER),
        limits=Limits(wall_s=arguments.timeout_s, output_bytes=MOST_OUTPUT_BYTES, processes=MOST_PROCESSES),
    )
    finished = desk.kit.sandbox.run(command)
    output = _CONTROL.sub("", (finished.stdout + finished.stderr).decode("utf-8", "replace")).strip("\n")
    return f"{_end(finished, arguments.timeout_s)}\n{output or '(no output)'}"


def _end(finished: Finished, timeout_s: float) -> str:
    left = f", and {finished.survivors} processes that it had left running were ended" if finished.survivors else ""
    took = f"after {finished.wall_s:.1f} s"
    match finished.ended:
        case Ended.EXITED:
            return f"Exit code {finished.exit_code} {took}{left}."
        case Ended.TIMEOUT:
            return f"Ended at its limit of {timeout_s:.0f} s (timeout_s, at most {MOST_S:.0f}); what it printed so far:"
        case Ended.OUTPUT:
            return f"Ended {took}: it printed more than {MOST_OUTPUT_BYTES // 1024} KiB, which begin as follows:"
        case Ended.MEMORY:
            return f"Ended {took}: it ran out of memory."
        case _:
            return f"Ended {took} by signal {finished.signal}{left}."


SHELL = Tool(
    name="shell",
    description=(
        "Runs a command for /bin/sh in the project's folder, on a copy of the code as it stands: no network, no git "
        "history, and every change to files is thrown away (use `edit` and `write` to keep one). `python` is the "
        "project's, with its dependencies. Times that it prints are no measurements: use `measure`. "
        "Example: shell(command=\"python -c 'import dis, mypkg; dis.dis(mypkg.f)'\")"
    ),
    arguments=ShellArguments,
    run=_shell,
    repeatable=False,
)

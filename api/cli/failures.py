"""How a command fails: one sentence, a way out, and the exit code."""

import contextlib
import errno
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from api.legible import line, shown
from tools.errors import HastenError, InfrastructureError, UserError

FAILED = 1
ASKED_WRONGLY = 2
NOT_KEPT = 3
INCONCLUSIVE = 4
_ASKED_WRONGLY = {400, 404, 409}
ISSUES = "please report it with that file"


def tell(console: Console, sentence: str, detail: str = "") -> None:
    """`hasten: <sentence>`, with lines of detail indented below."""
    console.print(Text(f"hasten: {line(sentence)}"), soft_wrap=True)
    for below in shown(detail).splitlines():
        console.print(Text(f"    {below.rstrip()}", style="dim"), soft_wrap=True)


def fail(console: Console, error: BaseException, home: Path | None) -> int:
    """Tell the person what went wrong; returns the exit code. `home` is where an unexpected error's traceback goes."""
    if isinstance(error, UserError):
        tell(console, str(error), error.detail)
        return ASKED_WRONGLY if error.status in _ASKED_WRONGLY else FAILED
    if isinstance(error, InfrastructureError):
        again = "; trying again may help" if error.retryable else ""
        tell(console, f"{error}{again}")
        return FAILED
    if isinstance(error, HastenError):
        tell(console, str(error))
        return FAILED
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        tell(console, f"the disk is full ({error.filename or home})")
        return FAILED
    place = _write_traceback(error, home)
    tell(console, f"unexpected {type(error).__name__}: {error}; the traceback is in {place}: {ISSUES}")
    return FAILED


def silence_output() -> None:
    """Nobody reads standard output any more; keep the interpreter from saying so when it exits."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_traceback(error: BaseException, home: Path | None) -> str:
    text = "".join(traceback.format_exception(error))
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    try:
        if home is None:
            raise FileNotFoundError
        folder = home / "crashes"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    except OSError:
        sys.stderr.write(text)
        return "the lines above"
    return str(folder / name)

"""The picture in the README: `python benchmarks/terminal.py` runs the sample project and draws what it printed.

Options after it go to `hasten optimize`, and the picture says so: a busy host may need `--budget-s 3600`.
"""

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/terminal.svg"
COLUMNS = 110
_MOVES = re.compile(r"\x1b\[[0-9;?]*[A-HJKSTfhl]|[^\n]*\r(?!\n)|[^\n]* left\x1b\[0m *\n")


def printed(options: Sequence[str]) -> str:
    """What `hasten optimize` prints on the sample, in colour and without its moving line."""
    command = [str(Path(sys.executable).with_name("hasten")), "optimize", "examples/shopfloor", *options]
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True
    )
    return _MOVES.sub("", done.stdout.decode()).replace(str(ROOT), "~/hasten")


def main() -> None:
    """Run and draw."""
    options = sys.argv[1:]
    typed = f'make optimize ARGS="{shlex.join(options)}"' if options else "make optimize"
    text = Text.from_ansi(f"$ {typed}\n{printed(options)}")
    text.rstrip()
    widest = max(len(line.rstrip()) for line in text.plain.splitlines())
    console = Console(record=True, width=widest + 1, file=io.StringIO())
    console.print(text, soft_wrap=True)
    console.save_svg(str(PICTURE), title="hasten")
    print(f"wrote {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

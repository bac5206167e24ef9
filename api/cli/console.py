"""Where text goes: results to standard output, everything else to standard error."""

import sys

from rich.console import Console

NARROWEST = 40
PLAIN_WIDTH = 120
"""How wide tables are where nobody's terminal says."""


def make_console(*, stderr: bool = False) -> Console:
    """A console for text that was made safe before; NO_COLOR, TERM and COLUMNS are honoured by rich."""
    stream = sys.stderr if stderr else sys.stdout
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not stream.isatty():
        console.width = PLAIN_WIDTH
    console.width = max(console.width, NARROWEST)
    return console

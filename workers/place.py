"""Which host and home this is: a name made once, kept in the home, that says nothing about either."""

import hashlib
import os
import platform
import secrets
from pathlib import Path

FILE = "place"


def place_of(home: Path) -> str:
    """The name of this home on this host; the same in every process, another one where the home was moved elsewhere."""
    file = home / FILE
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
        part.write_text(secrets.token_hex(8), "ascii")
        try:
            os.link(part, file)  # whole, and only the first of several
        except FileExistsError:
            pass
        finally:
            part.unlink()
    text = f"{file.read_text('ascii').strip()} {platform.node()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]

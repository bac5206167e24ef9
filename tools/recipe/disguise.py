"""The same commands under other names: processes in which nothing is called what it usually is called here.

What code finds of Hasten when it looks around (folders, arguments, loaded modules, variables, frames) has fixed names
in the usual process. In a disguised one they are drawn anew: the project stands elsewhere, the driver is part of a
plain script, and its modules are not among the loaded ones.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.recipe.places import DRIVER, ENV, PROJECT
from tools.sandbox.contract import Mount

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE", "VIRTUAL_ENV")
"""Variables of the usual process that only settle what a read-only tree settles too."""
_SCRIPT = """
import os
import sys

sys.path[0] = os.getcwd()
sys.path.insert(0, {shelf!r})
from {package}.main import main

del sys.path[0]
main({arguments!r}, hidden={hidden!r})
"""


@dataclass(frozen=True, kw_only=True)
class Disguise:
    """The names of one pair of processes."""

    project: str
    """Where the project's tree stands."""
    shelf: str
    """The folder of the script and the driver."""
    package: str
    workload: str
    """The folder of the workload."""
    words: tuple[str, ...]
    """For whatever else needs a name."""

    @staticmethod
    def drawn(seed: int, *, moved: bool) -> "Disguise":
        """The names that belong to a seed; `moved` puts the project elsewhere too."""
        rng = random.Random(f"names {seed}")

        def word() -> str:
            return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(rng.randint(2, 4)))

        top, shelf, workload = rng.sample(["/srv", "/opt", "/home", "/data", "/app", "/work"], 3)
        return Disguise(
            project=f"{top}/{word()}/{word()}" if moved else PROJECT,
            shelf=f"{shelf}/{word()}",
            package=word(),
            workload=f"{workload}/{word()}",
            words=tuple(word() for _ in range(6)),
        )

    @property
    def script(self) -> str:
        """The script that the process is started with."""
        return f"{self.shelf}/{self.words[0]}.py"

    def place(self, text: str) -> str:
        """A path, or any text, with the project's folder under its other name."""
        return text.replace(PROJECT, self.project)

    def variables(self, usual: Mapping[str, str]) -> dict[str, str]:
        """The environment: what an ordinary shell sets, the recipe's own variables, nothing of the harness."""
        kept = {name: self.place(value) for name, value in usual.items() if name not in _DROPPED}
        return {**kept, "LANG": "C.UTF-8", "SHELL": "/bin/bash", "USER": self.words[1], "PWD": self.project}

    def mounts(self, usual: Sequence[Mount], venv: Path, scratch: Path, mode: str) -> tuple[Mount, ...]:
        """What the usual process sees, under the other names, with the script beside it; `scratch` holds new files."""
        places = {PROJECT: self.project, DRIVER: f"{self.shelf}/{self.package}"}
        found = [
            Mount(source=mount.source, target=places.get(mount.target, mount.target), mode=mount.mode)
            for mount in usual
        ]
        script = scratch / "script.py"
        arguments = [mode, f"/tmp/.{self.words[2]}", *(["seeded"] if self.project == PROJECT else [])]
        text = _SCRIPT.format(shelf=self.shelf, package=self.package, arguments=arguments, hidden=list(self.words[3:]))
        script.write_text(text.lstrip(), encoding="utf-8")
        found.append(Mount(source=script, target=self.script))
        if self.project != PROJECT:
            found += self._renamed(venv, scratch)
        return tuple(found)

    def _renamed(self, venv: Path, scratch: Path) -> list[Mount]:
        """The environment's own notes of where the project stands, with its other place in them."""
        found: list[Mount] = []
        for packages in sorted(venv.glob("lib*/python*/site-packages")):
            if packages.parent.parent.is_symlink():
                continue
            for path in sorted((*packages.glob("*.pth"), *packages.glob("__editable__*.py"))):
                text = path.read_text(encoding="utf-8", errors="surrogateescape")
                if PROJECT in text:
                    copy = scratch / f"{len(found)}{path.suffix}"
                    copy.write_text(self.place(text), encoding="utf-8", errors="surrogateescape")
                    found.append(Mount(source=copy, target=f"{ENV}/{path.relative_to(venv)}"))
        return found

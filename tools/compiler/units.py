"""How one file is compiled: as the project's build does it, else as its list of commands says, else by a guess."""

import json
import posixpath
import shlex
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.compiler.build import Compile
from tools.compiler.functions import CPP_SUFFIXES, HEADER_SUFFIXES, SUFFIXES
from tools.recipe.places import PROJECT

LISTS = ("compile_commands.json", "build/compile_commands.json", "builddir/compile_commands.json")
GUESSED_FLAGS = ("-O2",)
MOST_FOLDERS = 20
_OBJECTS = (".o", ".a", ".so", ".obj", ".lo")
# Options that say what comes out, or where: what we ask for takes their place. Those of the second kind take a word.
_ALONE = {"-c", "-S", "-E", "-M", "-MM", "-MD", "-MMD", "-MP", "-MG", "-pipe", "-shared", "-static", "-rdynamic", "-s"}
_WITH_WORD = {"-o", "-MF", "-MT", "-MQ", "-Xlinker", "-L", "-l", "-z", "-T", "-u"}
_TAKES_WORD = {"-I", "-D", "-U", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-x", "-Xclang", "-arch"}
_LINKING = ("-l", "-L", "-Wl,", "-fuse-ld", "-MF", "-MT", "-MQ")


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One file and the flags that it is compiled with."""

    source: str
    """From the repository's root: of a header the file that includes it."""
    directory: str
    """Where the compiler runs, in the sandbox."""
    flags: tuple[str, ...]
    compiler: str
    """What the build calls: `cc`, `g++`, `clang`."""
    origin: str
    """Where the flags come from, in words."""

    @property
    def cpp(self) -> bool:
        """Whether it is compiled as C++."""
        return "++" in self.compiler or PurePosixPath(self.source).suffix in CPP_SUFFIXES


def find_unit(
    path: str,
    files: Collection[str],
    read: Callable[[str], str],
    logged: Callable[[], Sequence[Compile]],
    subdirectory: str = "",
) -> Unit:
    """How `path` is compiled; `logged` tells what a build of the project calls, and is asked only where need be.

    Paths are relative to the repository's root.
    """
    sources = [path]
    if PurePosixPath(path).suffix in HEADER_SUFFIXES:
        sources = _including(path, files, read) or [path]
    lists = [posixpath.join(subdirectory, one) for one in LISTS]
    listed = next((one for one in lists if one in files), None)
    if listed and (unit := _chosen(sources, _listed(read(listed)), f"as {listed} says")):
        return unit
    if unit := _chosen(sources, logged(), "as the project's own build does"):
        return unit
    folders = sorted({posixpath.dirname(one) for one in files if PurePosixPath(one).suffix in HEADER_SUFFIXES})
    flags = (*GUESSED_FLAGS, *(f"-I{posixpath.join(PROJECT, folder)}" for folder in folders[:MOST_FOLDERS]))
    return Unit(
        source=sources[0],
        directory=posixpath.join(PROJECT, subdirectory).rstrip("/"),
        flags=flags,
        compiler="c++" if PurePosixPath(sources[0]).suffix in CPP_SUFFIXES else "cc",
        origin="with guessed flags, for the build does not show how it is compiled",
    )


def _including(path: str, files: Iterable[str], read: Callable[[str], str]) -> list[str]:
    """Sources that name a header in an include, the nearest first."""
    name = PurePosixPath(path).name
    sources = [one for one in files if PurePosixPath(one).suffix in SUFFIXES - HEADER_SUFFIXES]
    near = sorted(sources, key=lambda one: (-len(posixpath.commonpath(["/" + one, "/" + path])), one))
    return [one for one in near if any(line.lstrip()[:1] == "#" and name in line for line in read(one).splitlines())]


def _listed(text: str) -> list[Compile]:
    """The commands of a `compile_commands.json`; empty where it is none."""
    try:
        entries = json.loads(text)
        return [
            Compile(
                directory=str(entry["directory"]),
                argv=tuple(entry["arguments"] if "arguments" in entry else shlex.split(entry["command"])),
            )
            for entry in entries
        ]
    except (ValueError, KeyError, TypeError):
        return []


def _chosen(sources: Sequence[str], compiles: Sequence[Compile], origin: str) -> Unit | None:
    """The last call that compiles the first of the sources that any compiles; optimising ones before others."""
    for source in sources:
        calls = [one for one in compiles if source in _sources(one)]
        for call in sorted(calls, key=lambda one: any(word.startswith("-O") and word != "-O0" for word in one.argv)):
            found = Unit(
                source=source,
                directory=call.directory,
                flags=flags_of(call),
                compiler=posixpath.basename(call.argv[0]),
                origin=origin,
            )
        if calls:
            return found
    return None


def _sources(call: Compile) -> set[str]:
    """The files that a call compiles, from the repository's root."""
    found = set()
    for word in call.argv[1:]:
        if PurePosixPath(word).suffix in SUFFIXES and not word.startswith("-"):
            place = posixpath.normpath(posixpath.join(call.directory, word))
            if place.startswith(f"{PROJECT}/"):
                found.add(place.removeprefix(f"{PROJECT}/"))
    return found


def flags_of(call: Compile) -> tuple[str, ...]:
    """The flags that decide what code comes out: no sources, outputs, libraries or lists of dependencies."""
    kept: list[str] = []
    words = iter(call.argv[1:])
    for word in words:
        if word in _WITH_WORD:
            next(words, None)
        elif word in _TAKES_WORD:
            kept += [word, next(words, "")]
        elif word in _ALONE or word.startswith(_LINKING) or word.endswith(_OBJECTS):
            continue
        elif word.startswith("-"):
            kept.append(word)
    return tuple(kept)

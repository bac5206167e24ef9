"""How a build reaches the package indexes: over a relay and a Unix socket to a proxy of ours, and nothing else at all.

The sandbox has no network. What uv and pip are told are addresses of the relay; the indexes' own, with credentials,
certificates and proxies, stay on this side.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import tools.driver
from tools.errors import HastenError, UserError
from tools.network.indexes import Index, index_of
from tools.recipe.index_proxy.server import IndexProxy
from tools.recipe.index_settings import HERE, index_inside
from tools.recipe.interpreter import Interpreter
from tools.sandbox.contract import Finished, Mount

FOLDER = "way-out"
SOCKET = "/hasten/way-out"
RELAY = "/hasten/relay.py"
INDEX_OPTIONS = frozenset(
    {"-i", "--index-url", "--extra-index-url", "--index", "--default-index", "-f", "--find-links"}
)
AT_THE_PROXY = re.compile(rb"http://127\.0\.0\.1:\d+(?P<path>/(?:links/)?\d+/)")
FAILED_AT_AN_INDEX = re.compile(
    r"HTTP status|error sending request|client error|Failed to (?:fetch|download)", re.IGNORECASE
)
UNKNOWN = re.compile(r"not found in the package registry")


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """What a build is given to install packages with."""

    proxy: IndexProxy
    env: Mapping[str, str]
    mounts: tuple[Mount, ...]
    interpreter: Interpreter
    index_env: Mapping[str, str]

    def command(self, argv: Sequence[str]) -> tuple[str, ...]:
        """The command with the relay beside it."""
        return (str(self.interpreter.executable), "-I", "-S", RELAY, SOCKET, *argv)

    def arguments(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """Arguments of an install as they hold inside, and a sentence for each index among them that is not the user's.

        A requirements file may name indexes of its own: strangers do not choose whom a build talks to.
        """
        found, notes = list[str](), list[str]()
        rest = iter(words)
        for word in rest:
            option, sign, value = word.partition("=")
            if option not in INDEX_OPTIONS:
                found.append(word)
                continue
            address = value if sign else next(rest, "")
            place = self._place(address)
            if place is None:
                notes.append(f"The package index {_shown(address)} is not among yours, so it was not asked.")
            else:
                found += [option, place]
        return found, notes

    def told(self, finished: Finished) -> Finished:
        """What a command printed, with the indexes' own addresses in place of the relay's."""
        return replace(finished, stdout=self._worded(finished.stdout), stderr=self._worded(finished.stderr))

    def trouble(self, finished: Finished) -> HastenError | None:
        """Why a failed install could not have what it asked for, as far as the proxy knows."""
        tail = finished.tail(60)
        refused = next((place for place in self.proxy.log.refused if place.partition(":")[0] in tail), None)
        if refused is not None:
            return UserError(
                f"The build asks for {refused}, and builds reach the package indexes alone: name what it needs as "
                "packages under `install` in hasten.toml, or put it on an index of yours (UV_INDEX, UV_FIND_LINKS).",
                status=422,
                detail=tail,
            )
        troubles = self.proxy.log.troubles
        if UNKNOWN.search(tail):  # what uv says, too, where an index lets nobody in
            troubles = [trouble for trouble in troubles if isinstance(trouble, UserError)]
        elif not FAILED_AT_AN_INDEX.search(tail):
            troubles = []
        return troubles[-1] if troubles else None

    def _place(self, address: str) -> str | None:
        """A configured index, or a path of the project's own, as it is reached inside."""
        if "://" not in address:
            return address
        wanted = index_of(address, self.index_env).url.rstrip("/")
        for known in (*self.proxy.indexes, *self.proxy.links):
            if known.url.rstrip("/") == wanted:
                return HERE + self.proxy.path_of(known)
        return None

    def _worded(self, printed: bytes) -> bytes:
        places = {self.proxy.path_of(one).encode(): one for one in (*self.proxy.indexes, *self.proxy.links)}

        def own(found: re.Match[bytes]) -> bytes:
            place: Index | None = places.get(found["path"])
            return found[0] if place is None else place.url.rstrip("/").encode() + b"/"

        return AT_THE_PROXY.sub(own, printed)


@contextmanager
def open_way_out(index_env: Mapping[str, str], folder: Path, interpreter: Interpreter) -> Iterator[WayOut]:
    """The way out of a build that stands in `folder`, until it is left."""
    with IndexProxy(index_env, folder / FOLDER) as proxy:
        env, mounts = index_inside(index_env, proxy.path_of)
        relay = Path(next(iter(tools.driver.__path__))) / "relay.py"
        yield WayOut(
            proxy=proxy,
            env=env,
            mounts=(*mounts, Mount(source=relay, target=RELAY), Mount(source=proxy.socket, target=SOCKET)),
            interpreter=interpreter,
            index_env=index_env,
        )


def _shown(address: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", address)

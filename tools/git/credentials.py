"""Credentials for private repositories: taken when a host asks for them, told to that host alone, kept nowhere.

They come from the user's environment, else from the user's own git credential helper. git gets them in its environment,
as a header for that one host: not in a URL, on a command line, in a file or in anything that is recorded.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.errors import InfrastructureError
from tools.git.command import Git, GitFailedError
from tools.git.source import HTTPS_PORT, RemoteSource

TOKEN, USER, HOST = "HASTEN_GIT_TOKEN", "HASTEN_GIT_USER", "HASTEN_GIT_HOST"
VARIABLES = (TOKEN, USER, HOST)
DEFAULT_USER = "x-access-token"
"""What GitHub documents; GitLab, Gitea and Bitbucket's access tokens take it too."""
DEFAULT_HOST = "github.com"
HELPER_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Where credentials for one host come from."""

    token: str | None = field(default=None, repr=False)
    user: str = DEFAULT_USER
    host: str = DEFAULT_HOST
    """The only host that the token is for, with its port where that is not the usual one."""
    helper: Git | None = None
    """Asks the user's own credential helper; None where that is not wanted."""

    def authorization(self, source: RemoteSource) -> str | None:
        """The value of an Authorization header for the source's host; None where nothing is known for it."""
        if self.token and self.host.lower() == place(source).lower():
            return _basic(self.user, self.token)
        return None if self.helper is None else _helped(self.helper, source)

    def environment(self, source: RemoteSource, authorization: str) -> dict[str, str]:
        """What makes git send the header to the source's host and to no other."""
        return {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.https://{place(source)}/.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: {authorization}",
        }

    def refused(self, source: RemoteSource, kind: str, *, tried: bool) -> str:
        """What to tell a person whose source cannot be read."""
        if tried:
            return f"There is no {kind} {source.url} that the credentials for {place(source)} may read."
        if self.helper is None:
            return (
                f"There is no {kind} {source.url} that can be read without signing in: check its name, or give a "
                f"credential git:{place(source)}."
            )
        way = f"{TOKEN}" if self.host.lower() == place(source).lower() else f"{TOKEN} and {HOST}={place(source)}"
        return (
            f"There is no {kind} {source.url} that can be read without signing in: check its name, or set {way}, "
            "or sign in with git's own credential helper."
        )


def split_environment(env: Mapping[str, str], *, helper: bool = True) -> tuple[dict[str, str], Credentials]:
    """What every git may see of the user's variables, and the credentials among them; git's helper stands behind them.

    Without `helper` it does not.
    """
    plain = {name: value for name, value in env.items() if name not in VARIABLES}
    return plain, Credentials(
        token=env.get(TOKEN) or None,
        user=env.get(USER) or DEFAULT_USER,
        host=env.get(HOST) or DEFAULT_HOST,
        helper=Git(users_config=True, env={"GCM_INTERACTIVE": "never"}, timeout_s=HELPER_S) if helper else None,
    )


def place(source: RemoteSource) -> str:
    """The source's host, with its port where that is not the usual one."""
    host = f"[{source.host}]" if ":" in source.host else source.host
    return host if source.port == HTTPS_PORT else f"{host}:{source.port}"


def _basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode('ascii')}"


def _helped(git: Git, source: RemoteSource) -> str | None:
    """What the helper that the user configured for git knows of the host; it may neither prompt nor open a window."""
    path = source.url.split("/", 3)[-1]
    asked = f"protocol=https\nhost={place(source)}\npath={path}\n\n"
    try:
        answer = git.run("credential", "fill", stdin=asked.encode(), most_output_bytes=1 << 16)
    except (GitFailedError, InfrastructureError):
        return None
    found = dict(line.split("=", 1) for line in answer.decode("utf-8", "replace").splitlines() if "=" in line)
    return _basic(found["username"], found["password"]) if {"username", "password"} <= found.keys() else None

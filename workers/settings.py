"""Settings: the one place that reads the environment. Each is documented in `docs/settings.md`."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.errors import UserError
from tools.git.credentials import DEFAULT_HOST, DEFAULT_USER, HOST, TOKEN, USER
from tools.recipe.index_settings import index_settings
from tools.sandbox.select import DOCKER_SOCKET
from workers.index import index_credentials, index_variables

GIT_TRUST = ("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY")
"""Variables that git needs to reach an https host; nothing else of the environment reaches git."""

KEY_ENDINGS = ("_API_KEY", "_KEY", "_TOKEN", "_SECRET", "_PASSWORD")


def _data_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(base):  # relative ones are to be ignored, says the XDG specification
        base = os.path.expanduser("~/.local/share")
    return Path(base) / "hasten"


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(os.path.expanduser(path)))


class Settings(BaseSettings):
    """What holds for every job of this host; read from variables that begin with `HASTEN_`."""

    model_config = SettingsConfigDict(env_prefix="HASTEN_", env_ignore_empty=True, frozen=True)

    home: Annotated[Path, AfterValidator(_absolute)] = Field(default_factory=_data_folder)
    """The folder that holds everything Hasten keeps: mirrors, trees, environments, blobs and the database."""

    database_url: SecretStr | None = None
    """Where jobs are remembered: `postgresql://USER:PASSWORD@HOST/NAME`; without one, a SQLite file of the home."""

    broker_url: SecretStr | None = None
    """Where workers are told of jobs: `redis://HOST:6379/0`; a folder of the home where none is given."""

    blobs_url: str | None = None
    """Where large things are kept: any URL of fsspec's; a folder of the home where none is given."""

    keep_jobs_days: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Ended jobs older than this are removed whole; kept for ever where it is not set."""

    keep_steps_days: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Conversations and raw samples of ended jobs older than this are removed; kept for ever where it is not set."""

    keep_known_days: Annotated[int, Field(ge=1, le=100_000)] = 90
    """What was found out of a commit is forgotten where no job asked for it this long."""

    api_key: SecretStr | None = None
    """The administrator's key of `hasten serve`; one is made at the first start where none is given."""

    secret_key: SecretStr | None = None
    """What credentials are encrypted with; a file of the home holds one where none is given."""

    allow_local_repositories: bool = False
    """Whether the service takes a path of its own machine as a repository."""

    allowed_hosts: str | None = None
    """The only hosts that the service reads repositories from, with commas between them; any public one without."""

    trusted_proxies: str = ""
    """Addresses or networks of proxies that may say for whom they ask, with commas between them; none by default."""

    allow_local_webhooks: bool = False
    """Whether webhooks may lead to this machine and to private addresses, and by plain http."""

    log_format: Literal["auto", "json", "text"] = "auto"
    """How the service and its workers write their log; `auto` is text at a terminal and JSON elsewhere."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least serious records that are written."""

    metrics_folder: Path | None = Field(default=None, validation_alias="PROMETHEUS_MULTIPROC_DIR")
    """Where the processes of one API keep what they count of requests, so that each can tell of all."""

    otlp_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    """Where traces are sent by OTLP over HTTP; none are made where neither this nor the next one is given."""

    otlp_traces_endpoint: str | None = Field(default=None, validation_alias="OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    """The same, as the whole address for traces."""

    cores: Annotated[Path, AfterValidator(_absolute)] | None = None
    """A folder of lock files, one a core, that all who measure on this host share; by default one of the home."""

    sandbox: str = "bubblewrap"
    """The sandbox to use where a command does not name one."""

    docker_socket: Annotated[Path, AfterValidator(_absolute)] = DOCKER_SOCKET
    """Where the engine of this host listens, for the sandbox `docker`."""

    playbook: bool = True
    """Whether kept rewrites are remembered for later jobs, and those of earlier ones are looked up."""

    git_token: SecretStr | None = None
    """A token that may read private repositories behind https; told to `git_host` alone, and stored nowhere."""

    git_user: str = DEFAULT_USER
    """The user name that goes with the token."""

    git_host: str = DEFAULT_HOST
    """The one host that the token is for, with its port where that is not 443."""

    model: str | None = None
    """Which models to ask where a command does not name any: `PROVIDER:NAME`, several with commas between them."""

    models: Annotated[Path, AfterValidator(_absolute)] | None = None
    """A file of the user's own prices and limits, in the form of `agent/models/prices.toml`."""

    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """The key for OpenAI, or for a server that speaks its protocol."""

    openai_base_url: SecretStr | None = Field(default=None, validation_alias="OPENAI_BASE_URL")
    """Where that server's API begins; it may hold credentials."""

    @property
    def source_hosts(self) -> frozenset[str] | None:
        """The hosts of `allowed_hosts`, in lower case; None for all."""
        if self.allowed_hosts is None:
            return None
        return frozenset(host for host in re.split(r"[,\s]+", self.allowed_hosts.lower()) if host)

    @property
    def core_locks(self) -> Path:
        """Where the locks of this host's cores are."""
        return self.cores or self.home / "cores"

    def other_secrets(self) -> tuple[SecretStr, ...]:
        """Values of variables that look like keys of other providers: they are never shown, and read by nobody here."""
        return tuple(SecretStr(value) for name, value in os.environ.items() if name.endswith(KEY_ENDINGS) and value)

    def proxies(self) -> tuple[str, ...]:
        """The proxies that are trusted, one by one."""
        return tuple(one.strip() for one in self.trusted_proxies.split(",") if one.strip())

    def index_environment(self) -> Mapping[str, str]:
        """The user's own index settings, for building environments; raises UserError for a broken configuration file.

        May hold credentials: never printed, journaled or part of a digest.
        """
        variables = index_variables(os.environ, _pip_files(), _uv_files())
        return index_settings(variables) | index_credentials(variables)

    def git_trust(self) -> Mapping[str, str]:
        """What git is told to trust and which way to go, for https sources."""
        return {name: os.environ[name] for name in GIT_TRUST if os.environ.get(name)}

    def git_environment(self) -> Mapping[str, str]:
        """The same, and the credentials it may need there."""
        trust = self.git_trust()
        if self.git_token is None:
            return trust
        return {**trust, TOKEN: self.git_token.get_secret_value(), USER: self.git_user, HOST: self.git_host}


ALIASES = tuple(str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias)
"""Variables with a name that other programs know, too."""


def read_settings() -> Settings:
    """The settings of this process; raises UserError that names the variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        [first, *_] = error.errors()
        name = "_".join(str(part) for part in first["loc"])
        name = name if name in ALIASES else f"HASTEN_{name.upper()}"
        raise UserError(f"{name} cannot be used: {first['msg']}") from error


def _configuration_folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(base if os.path.isabs(base) else os.path.expanduser("~/.config"))


def _pip_files() -> list[Path]:
    named = os.environ.get("PIP_CONFIG_FILE", "")
    if named == os.devnull:
        return []
    user = [Path(os.path.expanduser("~/.pip/pip.conf")), _configuration_folder() / "pip/pip.conf"]
    return [Path("/etc/pip.conf"), *user, Path(sys.prefix) / "pip.conf", *([Path(named)] if named else [])]


def _uv_files() -> list[Path]:
    if os.environ.get("UV_NO_CONFIG"):
        return []
    if named := os.environ.get("UV_CONFIG_FILE"):
        return [Path(named)]
    return [Path("/etc/uv/uv.toml"), _configuration_folder() / "uv/uv.toml"]

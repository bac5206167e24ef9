"""Settings: where they come from, and that each is documented."""

import os
from pathlib import Path

import pytest

from tools.errors import UserError
from tools.git.credentials import VARIABLES
from tools.recipe.index_settings import PASSED, TRANSLATED
from workers.index import index_variables
from workers.settings import GIT_TRUST, Settings, read_settings

DOCS = (Path(__file__).parents[2] / "docs/settings.md").read_text()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = [name for name in os.environ if name.startswith(("HASTEN_", "OPENAI_"))]
    for name in (*PASSED, *TRANSLATED, *GIT_TRUST, *VARIABLES, *own, "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("UV_NO_CONFIG", "1")


def test_every_setting_is_documented() -> None:
    names = [str(field.validation_alias or f"HASTEN_{name}") for name, field in Settings.model_fields.items()]
    missing = [name for name in (*names, *PASSED, *TRANSLATED, *TRANSLATED.values()) if f"`{name.upper()}`" not in DOCS]
    missing += [name for name in GIT_TRUST if f"`{name.upper()}`" not in DOCS]
    assert missing == []


def test_home_is_the_data_folder_unless_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert read_settings().home == tmp_path / ".local/share/hasten"
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert read_settings().home == Path("/data/hasten")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert read_settings().home == tmp_path / ".local/share/hasten"
    monkeypatch.setenv("HASTEN_HOME", "~/mine")
    assert read_settings().home == tmp_path / "mine"
    monkeypatch.setenv("HASTEN_HOME", "here")
    monkeypatch.chdir(tmp_path)
    assert read_settings().home == tmp_path / "here"
    monkeypatch.setenv("HASTEN_HOME", "")
    assert read_settings().home == tmp_path / ".local/share/hasten"


def test_git_gets_trust_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSL_CAINFO", "/ca.pem")
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -i key")
    assert read_settings().git_environment() == {"GIT_SSL_CAINFO": "/ca.pem"}


def test_a_token_goes_with_its_host_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASTEN_GIT_TOKEN", "very-secret")
    monkeypatch.setenv("HASTEN_GIT_HOST", "git.example.com")
    settings = read_settings()
    assert settings.git_environment() == {
        "HASTEN_GIT_TOKEN": "very-secret",
        "HASTEN_GIT_USER": "x-access-token",
        "HASTEN_GIT_HOST": "git.example.com",
    }
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_models_and_their_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HASTEN_MODEL", "openai:gpt-5-mini")
    monkeypatch.setenv("HASTEN_MODELS", str(tmp_path / "models.toml"))
    monkeypatch.setenv("OPENAI_API_KEY", "very-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://user:hidden@host/v1")
    monkeypatch.setenv("GROQ_API_KEY", "another-secret")
    settings = read_settings()
    assert (settings.model, settings.models) == ("openai:gpt-5-mini", tmp_path / "models.toml")
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "very-secret"
    assert "another-secret" in [secret.get_secret_value() for secret in settings.other_secrets()]
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.other_secrets()}"
    assert not [secret for secret in ("very-secret", "hidden", "another-secret") if secret in shown]


def test_index_settings_of_the_environment_reach_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/simple")
    monkeypatch.setenv("UV_CACHE_DIR", "/cache")
    monkeypatch.setenv("UV_INDEX_CORP_PASSWORD", "secret")
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    environment = dict(read_settings().index_environment())
    environment.pop("http_proxy", None), environment.pop("no_proxy", None)
    assert environment == {
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_INDEX_CORP_PASSWORD": "secret",
        "https_proxy": "http://proxy:3128",
    }


def test_a_pip_file_is_honoured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://pip.example/%(x)s\nextra-index-url =\n    https://x.example\n    file:///nowhere\n"
        f"[install]\nfind-links = {tmp_path}/wheels /nowhere\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    environment = read_settings().index_environment()
    assert environment["UV_DEFAULT_INDEX"] == "https://pip.example/%(x)s"
    assert environment["UV_INDEX"] == "https://x.example"
    assert environment["UV_FIND_LINKS"] == f"{tmp_path}/wheels"


def test_the_older_name_of_an_index_is_not_overruled_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "uv.toml").write_text('index-url = "https://file.example"')
    environ = {"UV_INDEX_URL": "https://mine.example"}
    assert index_variables(environ, [], [tmp_path / "uv.toml"]) == environ


def test_files_are_read_weakest_first_and_the_environment_wins(tmp_path: Path) -> None:
    system, user, uv = (tmp_path / name for name in ("system.conf", "user.conf", "uv.toml"))
    system.write_text("[global]\nindex-url = https://system.example\n")
    user.write_text("[install]\nindex-url = https://user.example\n")
    uv.write_text(
        '[[index]]\nname = "corp"\nurl = "https://corp.example"\n'
        '[[index]]\nurl = "https://uv.example"\ndefault = true\n'
        '[[index]]\nname = "pin"\nurl = "https://pin.example"\nexplicit = true\n'
    )
    files = [system, user, tmp_path / "none"]
    assert index_variables({}, files, []) == {"PIP_INDEX_URL": "https://user.example"}
    assert index_variables({"PIP_INDEX_URL": "https://env.example"}, files, [uv]) == {
        "PIP_INDEX_URL": "https://env.example",
        "UV_DEFAULT_INDEX": "https://uv.example",
        "UV_INDEX": "corp=https://corp.example",
    }


@pytest.mark.parametrize("kind", ["pip", "uv"])
def test_a_broken_file_is_named(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "broken"
    file.write_text("[[[")
    with pytest.raises(UserError, match=str(file)):
        index_variables({}, [file] if kind == "pip" else [], [file] if kind == "uv" else [])

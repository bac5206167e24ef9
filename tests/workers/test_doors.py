"""What a job of the service may open: its own, its tenant's, and never this host's or another tenant's."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.domain import Job
from agent.models.catalogue import model_of
from storage.credentials import JobSecrets
from storage.tenants import MAIN
from tools.errors import UserError
from tools.git.credentials import HOST, TOKEN
from workers.doors import Doors, doors_of, home_of, homes
from workers.settings import Settings

OWN = "ghs_of.this.host"
SETTINGS = Settings(
    git_token=SecretStr(OWN),
    openai_api_key=SecretStr("sk-of-this-host"),
    openai_base_url=SecretStr("http://127.0.0.1:8000/v1"),
)


def doors(source: str = "https://github.com/a/b", tenant: str = "acme", **secrets: dict[str, str]) -> Doors:
    job = Job(id="a1", source=source, created=datetime(2026, 11, 22, tzinfo=UTC))
    given = {kind: {name: SecretStr(value) for name, value in found.items()} for kind, found in secrets.items()}
    return doors_of(SETTINGS, job, tenant, JobSecrets(**given))


def test_a_token_is_for_its_host_alone() -> None:
    tokens = {"github.com": "ghs_tenant", "git.example:8443": "other"}
    assert doors(git=tokens).git_env[TOKEN] == "ghs_tenant"
    assert doors(git=tokens).git_env[HOST] == "github.com"
    assert TOKEN not in doors("https://gitlab.com/a/b", git=tokens).git_env
    assert TOKEN not in doors("pypi:tabulate==0.9.0", git=tokens).git_env


def test_this_hosts_own_token_and_helper_are_the_administrators() -> None:
    assert OWN not in doors().git_env.values()
    assert not doors().admission.helper
    assert doors(tenant=MAIN).git_env[TOKEN] == OWN
    assert doors(tenant=MAIN).admission.helper


def test_this_hosts_key_is_never_told_to_an_address_of_a_tenants() -> None:
    access = doors(urls={"openai": "https://llm.example/v1"}).access
    assert access.openai_key is None
    assert access.guarded
    assert access.hide("x sk-of-this-host y") == "x [hidden] y", "and it is hidden all the same"
    with pytest.raises(UserError, match="https"):
        doors(urls={"openai": "http://169.254.169.254/v1"})


def test_who_took_its_key_back_is_not_served_with_the_services() -> None:
    job = Job(id="a1", source="https://github.com/a/b", created=datetime(2026, 11, 22, tzinfo=UTC))
    job = replace(job, models=(model_of("openai:mine=0/0"),))
    assert doors_of(SETTINGS, job, "acme", JobSecrets(models={"openai": SecretStr("sk-tenant")}))
    with pytest.raises(UserError, match="nobody here has said what openai:mine costs"):
        doors_of(SETTINGS, job, "acme", JobSecrets())


def test_a_tenants_own_keys_come_before_the_services() -> None:
    access = doors(models={"openai": "sk-tenant", "anthropic": "sk-ant-tenant"}).access
    assert access.openai_key == SecretStr("sk-tenant")
    assert access.openai_base_url == SecretStr("http://127.0.0.1:8000/v1")
    assert not access.guarded
    assert access.keys == {"anthropic": SecretStr("sk-ant-tenant")}
    assert access.hide("sk-ant-tenant, sk-tenant") == "[hidden], [hidden]"


def test_without_keys_of_its_own_a_tenant_uses_the_services() -> None:
    access = doors().access
    assert access.openai_key == SecretStr("sk-of-this-host")
    assert not access.guarded


def test_nothing_is_shown_when_they_are_printed() -> None:
    shown = repr(doors(git={"github.com": "ghs_tenant"}, models={"openai": "sk-tenant"}))
    assert "tenant" not in shown.replace("/tenants/", "")


def test_each_tenants_caches_stand_apart(tmp_path: Path) -> None:
    places = {home_of(tmp_path, tenant) for tenant in ("acme", "bert", "../acme", "Acme", "a/b", "..")}
    assert len(places) == 6
    assert all(place.parent == tmp_path / "tenants" for place in places)
    home_of(tmp_path, "acme").mkdir(parents=True)
    assert list(homes(tmp_path)) == [tmp_path, home_of(tmp_path, "acme")]


def test_a_service_reads_from_the_hosts_that_it_was_told() -> None:
    job = Job(id="a1", source="https://gitlab.com/a/b", created=datetime(2026, 11, 22, tzinfo=UTC))
    narrow = Settings(allowed_hosts="GitHub.com, git.example:8443")
    with pytest.raises(UserError, match=r"allowed are: git\.example:8443, github\.com"):
        doors_of(narrow, job, MAIN, JobSecrets())
    with pytest.raises(UserError, match="over https here"):
        doors("/etc")

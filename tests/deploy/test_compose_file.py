"""What docker-compose.yml promises: a valid file, no secret in it, and parts that are kept apart and small.

`compose-spec.json` is the schema of the Compose Specification (Apache-2.0), as check-jsonschema 0.39.0 carries it.
"""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tools.sandbox import seccomp

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
FILE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
FILES = ("docker-compose.yml", "deploy/measuring.yml")
SANDBOX_NEEDS = {
    *("unshare", "mount", "umount2", "pivot_root", "chroot", "sethostname"),
    *("open_tree", "move_mount", "mount_setattr", "fsopen", "fsconfig", "fsmount"),
}
"""What bubblewrap and the layout of its mounts ask of the kernel."""


@pytest.mark.parametrize("name", FILES)
def test_the_file_fits_the_specification(name: str) -> None:
    schema = json.loads((ROOT / "tests/deploy/compose-spec.json").read_text())
    jsonschema.validate(yaml.safe_load((ROOT / name).read_text()), schema)


def test_the_parts_are_those_of_the_service() -> None:
    assert set(SERVICES) == {"api", "worker", "migrations", "database", "broker"}
    assert {name: one["build"]["target"] for name, one in SERVICES.items() if "build" in one} == {
        "api": "api",
        "worker": "worker",
        "migrations": "api",
    }


def test_others_wait_for_the_migrations_which_wait_for_the_database() -> None:
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"]["migrations"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrations"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert SERVICES["migrations"]["command"] == ["hasten", "migrate"]
    assert SERVICES["migrations"]["restart"] == "no"


def test_a_secret_is_asked_for_and_stands_nowhere() -> None:
    asked = {
        name for name in re.findall(r"\$\{(\w+):\?", TEXT) if re.search(r"PASSWORD|SECRET|TOKEN|KEY", name)
    }  # compose refuses to start without these, and says which one is missing
    assert asked == {"HASTEN_DATABASE_PASSWORD", "HASTEN_BROKER_PASSWORD", "HASTEN_SECRET_KEY", "HASTEN_API_KEY"}
    for name, value in re.findall(r"^ +(\w*(?:PASSWORD|SECRET|TOKEN|KEY)\w*): *(.*)$", TEXT, re.MULTILINE):
        assert value.startswith("${"), f"{name} has a value"
    for url in re.findall(r"\w+://[^\s]*@", TEXT):
        assert re.search(r":\$\{\w+:\?[^}]*\}@$", url) or ":$" in url, url


def test_the_example_names_every_setting_and_holds_no_value_of_a_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert set(re.findall(r"(?<!\$)\$\{(\w+)", TEXT)) == named
    filled = re.findall(r"^([A-Z_]+)=(.+)$", example, re.MULTILINE)
    assert filled == []
    assert ".env" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_may_do_little_and_use_so_much(name: str) -> None:
    part = SERVICES[name]
    assert part["cap_drop"] == ["ALL"]
    assert "cap_add" not in part
    assert "privileged" not in part
    assert part["read_only"] is True
    assert "no-new-privileges:true" in part["security_opt"]
    assert part["mem_limit"]
    assert part["pids_limit"]
    assert part["restart"] in {"unless-stopped", "no"}
    assert not any("docker.sock" in mount for mount in part.get("volumes", []))
    assert "network_mode" not in part


def test_database_and_broker_are_reached_from_inside_alone() -> None:
    assert FILE["networks"]["inside"] == {"internal": True}
    for name in ("database", "broker"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
        assert SERVICES[name]["user"] == "999:999"
    assert [name for name, part in SERVICES.items() if "ports" in part] == ["api"]
    assert SERVICES["api"]["ports"] == ["${HASTEN_LISTEN:-127.0.0.1:8000}:8000"]


def test_workers_can_be_many_and_share_the_locks_of_their_host() -> None:
    worker = SERVICES["worker"]
    assert "container_name" not in worker
    assert "home:/var/lib/hasten" in worker["volumes"]
    assert "blobs:/var/lib/hasten/blobs" in worker["volumes"]
    assert "blobs:/var/lib/hasten/blobs" in SERVICES["api"]["volumes"]
    assert "cpus" not in worker, "a quota of processor time distorts what is measured"


def test_no_part_sees_the_engine() -> None:
    for name in (*FILES, "Dockerfile"):
        assert "docker.sock" not in (ROOT / name).read_text()


def test_a_worker_may_do_no_more_than_its_sandboxes_need() -> None:
    profile = json.loads((ROOT / "deploy/seccomp.json").read_text())
    refused = {name for rule in profile["syscalls"] for name in rule["names"]}
    assert {rule["action"] for rule in profile["syscalls"]} == {"SCMP_ACT_ERRNO"}
    assert set(seccomp.DENIED) - SANDBOX_NEEDS <= refused
    assert refused & SANDBOX_NEEDS == set()
    assert "seccomp=deploy/seccomp.json" in SERVICES["worker"]["security_opt"]

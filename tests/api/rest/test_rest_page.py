"""docs/rest.md: every line of it, run as it stands against a real server."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from serving import served
from worked import work

from api.rest.app import make_app
from api.rest.openapi import SAID
from api.rest.service import Service
from storage.limits import NEW_TENANT
from storage.store import Store, open_store
from storage.tenants import MAIN, Scope
from workers.settings import Settings

PAGE = Path(__file__).parents[3] / "docs/rest.md"
TEXT = PAGE.read_text("utf-8")
LONG_S = 120.0


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server, whose worker ends every job at once but those of seed 1, and the administrator's key."""
    home = tmp_path_factory.mktemp("page")
    with open_store(home) as store:

        def tell(job_id: str) -> None:
            if store.jobs.get(job_id).seed == 0:
                work(store, job_id)

        app = make_app(Service(settings=Settings(home=home), store=store, tell=tell))
        store.tenants.ensure(MAIN, MAIN)
        key = store.tenants.make_key(MAIN, "administrator", list(Scope))
        with served(app) as (_, client):
            yield str(client.base_url), key


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_every_line_of_the_page_does_what_it_says(address: tuple[str, str], tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert sum(block.count("curl ") for block in blocks) > 35
    (tmp_path / ".curlrc").write_text("fail-with-body\nno-progress-meter\nnoproxy = *\n")
    script = "set -euo pipefail\nset -x\n" + "\n".join(blocks)
    base, key = address
    env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "CURL_HOME": str(tmp_path), "HASTEN": base.rstrip("/"), "KEY": key}
    done = subprocess.run(
        ["bash", "-c", script], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=LONG_S, check=False
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    for said in ('"gain":{', "return sum(prices)", "event: end", '"verdict":"KEPT"', "ghs_example"):
        assert (said in done.stdout) == (said != "ghs_example"), said


def test_every_operation_is_on_the_page(client: TestClient) -> None:
    for path in client.get("/v1/openapi.json").json()["paths"]:
        shown = re.sub(r"\{\w+\}", "@", path)
        pattern = re.escape(shown).replace("@", r"[\w:.$]+")
        if path.startswith("/v1"):
            assert re.search(rf"HASTEN{pattern}[\"?]", TEXT), path


def test_the_error_that_is_shown_is_the_one_that_comes(client: TestClient) -> None:
    (shown,) = re.findall(r"^```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    answer = client.post("/v1/jobs", json={"repository": "https://github.com/owner/name", "budgt": {}})
    assert answer.json() == json.loads(shown)
    for status in SAID:
        assert f"`{status}`" in TEXT.partition("## Errors")[2]


def test_the_limits_on_the_page_are_those_of_a_new_tenant(store: Store) -> None:
    del store
    for name in ("queued_jobs", "running_jobs", "jobs_per_day", "usd_per_month", "requests_per_s"):
        assert f"| `{name}` | {getattr(NEW_TENANT, name):,.0f} |" in TEXT

"""Installs of strangers' code: what a hostile build can reach, and that an honest one has all it needs."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_server import AUTHORIZATION, PASSWORD, USER, IndexServer, offering, write_wheel

from tools.errors import InfrastructureError, UserError
from tools.git.snapshot import Snapshot
from tools.recipe.environment import Environment, build_environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Sandbox
from tools.sandbox.select import open_sandbox

PROJECT = """
[build-system]
requires = ["tool"]
build-backend = "backend"
backend-path = ["."]
[project]
name = "thing"
version = "1.0"
dependencies = ["friend"]
"""
BACKEND = '''
"""A build backend that looks for a way out, and writes what it found into the wheel."""
import base64, json, os, pathlib, socket, urllib.request, zipfile
import tool  # installed for the build alone

def reached(address):
    try:
        socket.create_connection(address, timeout=3).close()
    except OSError as error:
        return type(error).__name__
    return "reached"

def fetched(url, proxy=None, method="GET"):
    if proxy:
        os.environ.pop("no_proxy", None), os.environ.pop("NO_PROXY", None)
    handler = urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {})
    try:
        with urllib.request.build_opener(handler).open(urllib.request.Request(url, method=method), timeout=10) as reply:
            return reply.status, str(reply.headers) + reply.read().decode("utf-8", "replace")
    except Exception as error:
        headers = getattr(error, "headers", None)
        body = error.read().decode() if hasattr(error, "read") else ""
        return getattr(error, "code", None), f"{error} {headers} {body}"

def seen():
    texts = [json.dumps(dict(os.environ))]
    for pattern in ("/proc/*/environ", "/proc/*/cmdline", "/hasten/*", "/tmp/*", "/project/*", "/cache/**/*", "/etc/*"):
        for path in pathlib.Path("/").glob(pattern[1:]):
            try:
                texts.append(path.read_bytes().decode("utf-8", "replace"))
            except OSError:
                pass
    return "\\n".join(texts)

def findings():
    targets = json.loads(pathlib.Path("/project/targets.json").read_text())
    index = os.environ["UV_DEFAULT_INDEX"]
    relay = os.environ["HTTPS_PROXY"]
    return {
        "reached": {name: reached(tuple(address)) for name, address in targets.items()},
        "through the proxy": [
            fetched("http://169.254.169.254/latest/meta-data", relay),
            fetched("http://%s:%s/secret" % tuple(targets["loopback"]), relay),
            fetched("https://github.com/", relay),
            fetched(index + "friend/"),
            fetched(index + "nothing/"),
            fetched(index + "friend/", method="POST"),
            fetched(index + "../secret"),
        ],
        "seen": seen(),
    }

def build_editable(folder, settings=None, metadata=None):
    info = "thing-1.0.dist-info"
    contents = {
        "findings.json": json.dumps(findings()),
        "thing_path.pth": "/project\\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\nRequires-Dist: friend\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    contents[f"{info}/RECORD"] = "".join(f"{path},,\\n" for path in (*contents, f"{info}/RECORD"))
    with zipfile.ZipFile(os.path.join(folder, "thing-1.0-py3-none-any.whl"), "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return "thing-1.0-py3-none-any.whl"
'''
METADATA = ("169.254.169.254", 80)
ELSEWHERE = ("192.0.2.1", 443)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[IndexServer]:
    wheels = tmp_path / "wheels"
    write_wheel(wheels, "friend", {"friend.py": "x = 1\n" * 20_000})
    write_wheel(wheels, "tool", {"tool.py": ""})
    with offering(wheels) as running:
        yield running


@pytest.fixture
def sandbox() -> Sandbox:
    return open_sandbox("bubblewrap")


def snapshot_of(folder: Path, files: dict[str, str]) -> Snapshot:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Snapshot(source="thing", commit="0" * 40, tree=folder, version="1.0")


def build(
    server: IndexServer, sandbox: Sandbox, folder: Path, files: dict[str, str], *install: str, **index: str
) -> Environment:
    recipe = Recipe(install=install, editable="pyproject.toml" in files, test=("true",))
    settings = {"UV_HTTP_RETRIES": "0"} | (index or {"UV_DEFAULT_INDEX": server.url})
    return build_environment(snapshot_of(folder / "tree", files), recipe, sandbox, folder / "home", settings, print)


def hostile_findings(server: IndexServer, sandbox: Sandbox, folder: Path) -> dict[str, object]:
    """What the hostile backend found; the listener hears of whoever got as far as this host."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard = threading.Event()

        def listen() -> None:
            while True:
                try:
                    listener.accept()[0].close()
                except OSError:
                    return
                heard.set()

        threading.Thread(target=listen, daemon=True).start()
        index = ("127.0.0.1", server.server_address[1])
        targets = {"loopback": listener.getsockname(), "index": index, "metadata": METADATA, "elsewhere": ELSEWHERE}
        files = {
            "pyproject.toml": PROJECT,
            "backend.py": BACKEND,
            "thing.py": "",
            "targets.json": json.dumps(targets),
        }
        environment = build(server, sandbox, folder, files)
        listener.shutdown(socket.SHUT_RDWR)
    assert not heard.is_set()
    [found] = environment.venv.glob("lib/python3*/site-packages/findings.json")
    assert list(environment.venv.glob("lib/python3*/site-packages/friend.py"))
    assert not list(environment.venv.glob("lib/python3*/site-packages/tool.py"))
    result: dict[str, object] = json.loads(found.read_text())
    return result


def check(found: dict[str, object], server: IndexServer) -> None:
    assert isinstance(found["reached"], dict)
    assert "reached" not in found["reached"].values(), found["reached"]
    assert isinstance(found["through the proxy"], list)
    statuses = [status for status, _ in found["through the proxy"]]
    assert statuses[:2] == [403, 403]
    assert "403" in found["through the proxy"][2][1]  # a tunnel that was refused
    assert statuses[3:] == [200, 404, 403, 404]
    everything = json.dumps(found)
    assert "UV_DEFAULT_INDEX" in everything
    for secret in (PASSWORD, AUTHORIZATION, AUTHORIZATION.removeprefix("Basic "), f"{USER}:", server.host):
        assert secret not in everything.replace(json.dumps(found["reached"]), "").replace(
            json.dumps(server.server_address[1]), ""
        ), secret
    assert "/secret" not in server.paths


def test_a_hostile_build_reaches_nothing_and_finds_no_credential(
    server: IndexServer, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Its own requirements, for the build and beside it, come from the index all the same."""
    check(hostile_findings(server, sandbox, tmp_path), server)


def test_so_it_is_in_a_container(server: IndexServer, docker_socket: Path, tmp_path: Path) -> None:
    check(hostile_findings(server, open_sandbox("docker", docker_socket=docker_socket), tmp_path), server)


def test_metadata_is_had_without_its_wheel(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    server.manners.json = True
    build(server, sandbox, tmp_path, {"thing.py": ""}, "friend")
    assert "/files/friend-1.0-py3-none-any.whl.metadata" in server.paths
    assert server.paths.count("/files/friend-1.0-py3-none-any.whl") == 1


def test_the_metadata_of_a_plain_index_is_had_by_parts(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    build(server, sandbox, tmp_path, {"thing.py": ""}, "friend")
    assert any(part for _, path, part in server.requests if path.endswith("friend-1.0-py3-none-any.whl"))


def test_a_file_that_is_not_what_its_hash_says_is_not_installed(
    server: IndexServer, sandbox: Sandbox, tmp_path: Path
) -> None:
    server.manners.tampered = True
    with pytest.raises(UserError) as caught:
        build(server, sandbox, tmp_path, {"thing.py": ""}, "friend")
    assert "127.0.0.1" not in str(caught.value)


def test_a_wrong_password_is_said_and_not_shown(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    wrong = server.url.replace(PASSWORD, "wrong-hunter22")
    with pytest.raises(UserError, match=f"{server.host} asks for a user name and a password") as caught:
        build(server, sandbox, tmp_path, {"thing.py": ""}, "friend", UV_DEFAULT_INDEX=wrong)
    assert "wrong-hunter22" not in str(caught.value) + caught.value.detail


def test_credentials_of_a_named_index_are_used_outside(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    index = {
        "UV_DEFAULT_INDEX": f"own=http://{server.host}/simple",
        "UV_INDEX_OWN_USERNAME": USER,
        "UV_INDEX_OWN_PASSWORD": PASSWORD,
    }
    build(server, sandbox, tmp_path, {"thing.py": ""}, "friend", **index)


def test_what_stands_elsewhere_is_named_with_a_way_out(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    wanted = "other @ https://files.example/other-1.0-py3-none-any.whl"
    with pytest.raises(UserError, match=r"asks for files\.example, and builds reach the package indexes alone"):
        build(server, sandbox, tmp_path, {"thing.py": ""}, wanted)


def test_an_index_that_a_project_names_for_itself_is_not_asked(
    server: IndexServer, sandbox: Sandbox, tmp_path: Path
) -> None:
    environment = build(
        server, sandbox, tmp_path, {"thing.py": ""}, "--extra-index-url https://evil.example/simple", "friend"
    )
    [note] = environment.notes
    assert note == "The package index https://evil.example/simple is not among yours, so it was not asked."


def test_an_index_out_of_order_is_not_the_users_fault(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    server.manners.status = 500
    with pytest.raises(InfrastructureError, match=f"{server.host} answers 500") as caught:
        build(server, sandbox, tmp_path, {"thing.py": ""}, "friend")
    assert caught.value.retryable


def test_nothing_is_left_of_the_way_out(server: IndexServer, sandbox: Sandbox, tmp_path: Path) -> None:
    environment = build(server, sandbox, tmp_path, {"thing.py": ""}, "friend")
    left = [name for _, folders, files in os.walk(environment.venv.parent) for name in (*folders, *files)]
    assert "way-out" not in left
    everything = b"".join(path.read_bytes() for path in environment.venv.parent.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in everything

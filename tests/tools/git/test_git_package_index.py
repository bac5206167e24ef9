"""Releases on a package index, fetched without running any of their code."""

import hashlib
import http.server
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from git_https_server import GitServer, serving
from listening import listening

from tools.errors import InfrastructureError, UserError
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot

SETUP = "import pathlib\npathlib.Path('/tmp/hasten-setup-ran').touch()\nraise SystemExit('run')\n"


def sdist(folder: Path, name: str, version: str) -> Path:
    """A source distribution whose setup script must not be run."""
    path = folder / f"{name}-{version}.tar.gz"
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for file, text in {"setup.py": SETUP, "PKG-INFO": f"Name: {name}\nVersion: {version}\n", "mod.py": ""}.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{file}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of one project as a folder: two sdists, a wheel, and one whose hash is wrong."""
    files, page = tmp_path / "files", tmp_path / "simple" / "some-thing"
    page.mkdir(parents=True)
    links = [f'<a href="../../files/{file.name}#sha256={sha256(file)}">x</a>' for file in (
        sdist(files, "some_thing", "1.0"), sdist(files, "Some.Thing", "1.10"),
    )]  # fmt: skip
    wheel = files / "some_thing-2.0-py3-none-any.whl"
    wheel.touch()
    broken = sdist(files, "some_thing", "1.2")
    links += [
        f'<a href="../../files/{wheel.name}">x</a>',
        f'<a href="../../files/{broken.name}#sha256={"0" * 64}">x</a>',
    ]
    (page / "index.html").write_text("<!DOCTYPE html>" + "\n".join(links))
    return tmp_path / "simple"


def take(source: str, home: Path, **index_env: str) -> Snapshot:
    return take_snapshot(source, home=home, index_env=index_env)


def test_a_release_is_laid_out_with_its_hash_and_nothing_is_run(index: Path, home: Path, tmp_path: Path) -> None:
    snapshot = take("pypi:Some_Thing==1.10", home, UV_DEFAULT_INDEX=index.as_uri())
    assert (snapshot.tree / "mod.py").is_file()
    assert snapshot.version == "1.10"
    digest = sha256(tmp_path / "files/Some.Thing-1.10.tar.gz")
    assert snapshot.notes[0] == f"Some.Thing-1.10.tar.gz has the SHA-256 {digest}."
    assert not Path("/tmp/hasten-setup-ran").exists()
    pinned = f"pypi:some-thing==1.10#sha256={digest}"
    assert take(pinned, home, UV_DEFAULT_INDEX=index.as_uri()).tree == snapshot.tree
    with pytest.raises(UserError, match="as was asked for"):
        take(f"pypi:some-thing==1.10#sha256={'1' * 64}", home, UV_DEFAULT_INDEX=index.as_uri())


def test_folders_of_files_and_further_indexes_count(index: Path, home: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    found = take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=empty.as_uri(), UV_INDEX=f"more={index.as_uri()}")
    links = take("pypi:some-thing==1.0", home, UV_NO_INDEX="1", UV_FIND_LINKS=f"/nonexistent,{tmp_path / 'files'}")
    assert links.tree == found.tree


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("pypi:some-thing==3.0", "no source of some-thing 3.0; the newest there are 1.0, 1.2, 1.10"),
        ("pypi:some-thing==2.0", "has some-thing 2.0 as wheels only"),
        ("pypi:other==1.0", "no project 'other': check its name"),
        ("pypi:some-thing", "write it as pypi:NAME==VERSION"),
        ("pypi:some-thing>=1", "write it as pypi:NAME==VERSION"),
        ("pypi:some-thing==latest", "'latest' in .* is not a version"),
        ("pypi:", "write it as pypi:NAME==VERSION"),
        ("some-thing==1.0", "write pypi:some-thing==1.0"),
    ],
)
def test_what_the_index_does_not_have_is_said(source: str, says: str, index: Path, home: Path) -> None:
    with pytest.raises(UserError, match=says) as refused:
        take(source, home, UV_DEFAULT_INDEX=index.as_uri())
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_what_the_index_states_is_refused(index: Path, home: Path) -> None:
    with pytest.raises(InfrastructureError, match="damaged"):
        take("pypi:some-thing==1.2", home, UV_DEFAULT_INDEX=index.as_uri())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with serving(tmp_path) as server:
        yield server


def test_an_index_that_asks_for_a_password_is_named_without_it(server: GitServer, home: Path) -> None:
    server.authorization = "Basic none"
    place = server.url("simple").removeprefix("https://")
    certificate = {"UV_INSECURE_HOST": "127.0.0.1"}
    with pytest.raises(UserError, match=r"The package index 127.* asks for a user name") as refused:
        take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=f"https://me:secret@{place}", **certificate)
    assert "secret" not in str(refused.value)
    server.authorization = "Basic bWU6c2VjcmV0"  # me:secret
    server.body = b'{"files": "nonsense"}'
    with pytest.raises(UserError, match="no project"):  # the server's answer is an empty page to us
        take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=f"https://me:secret@{place}", **certificate)


class Place(http.server.ThreadingHTTPServer):
    """A host that sends everybody elsewhere, or gives one page and one file to whoever asks."""

    daemon_threads = True

    def __init__(self, file: Path, elsewhere: str | None) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.file, self.elsewhere = file, elsewhere
        self.leads_inside = False
        """Its page leads to a file of the reader's own machine, and nowhere."""
        self.heard: list[tuple[str, str | None]] = []
        """Each path that was asked for, and the credential that came with it."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Answers(http.server.BaseHTTPRequestHandler):
    server: Place

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self.server.heard.append((self.path, self.headers.get("Authorization")))
        content = b""
        if self.server.elsewhere is None:
            file = self.server.file
            own = f'<a href="{file.as_uri()}">x</a><a href="http://[x/{file.name}">x</a>'
            page = (own if self.server.leads_inside else f'<a href="/files/{file.name}">x</a>').encode()
            content = file.read_bytes() if self.path.startswith("/files/") else page
        self.send_response(302 if self.server.elsewhere else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        if self.server.elsewhere:
            self.send_header("Location", f"http://{self.server.elsewhere}{self.path}")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def answering(file: Path, elsewhere: str | None = None) -> Iterator[Place]:
    with listening(Place(file, elsewhere)) as place:
        yield place


def test_the_credential_of_an_index_goes_to_its_host_and_to_none_that_it_leads_to(home: Path, tmp_path: Path) -> None:
    file = sdist(tmp_path / "files", "some_thing", "1.0")
    with answering(file) as other, answering(file, other.host) as first:
        take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=f"http://me:secret@{first.host}/simple")
        assert first.heard == [("/simple/some-thing/", "Basic bWU6c2VjcmV0")]
        assert other.heard == [("/simple/some-thing/", None), (f"/files/{file.name}", None)]
        take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=f"http://me:secret@{other.host}/simple")
        assert {sent for _, sent in other.heard[-2:]} == {"Basic bWU6c2VjcmV0"}, "asked itself, it gets page and file"


def test_a_page_from_elsewhere_leads_to_no_file_of_this_machine(home: Path, tmp_path: Path) -> None:
    with answering(sdist(tmp_path / "files", "some_thing", "1.0")) as host:
        host.leads_inside = True
        with pytest.raises(UserError, match="some-thing"):
            take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX=f"http://{host.host}/simple")


def test_an_index_that_cannot_be_reached_may_be_tried_again(home: Path) -> None:
    with pytest.raises(InfrastructureError, match=r"The package index 127.0.0.1:9 could not be reached just now\."):
        take("pypi:some-thing==1.0", home, UV_DEFAULT_INDEX="http://127.0.0.1:9/simple")

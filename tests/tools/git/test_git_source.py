"""What may be named as a repository, and what is refused in one sentence."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.errors import UserError
from tools.git.mirror import pinned
from tools.git.source import (
    Admission,
    LocalSource,
    RemoteSource,
    check_ref,
    check_subdirectory,
    parse_source,
)


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name", "github.com"),
        ("https://github.com/owner/name.git/", "https://github.com/owner/name.git", "github.com"),
        ("HTTPS://GitHub.com:443/Owner/Name", "https://github.com/Owner/Name", "github.com"),
        ("https://git.sr.ht/~owner/name", "https://git.sr.ht/~owner/name", "git.sr.ht"),
        ("https://[2606:4700::6810:84e5]/a/b", "https://[2606:4700::6810:84e5]/a/b", "2606:4700::6810:84e5"),
    ],
)
def test_https_urls_are_taken(text: str, url: str, host: str) -> None:
    assert parse_source(text) == RemoteSource(url=url, host=host)


def test_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "with space").mkdir()
    assert parse_source("with space") == LocalSource(path=tmp_path / "with space")
    assert parse_source(".") == LocalSource(path=tmp_path)
    assert parse_source("with space/..") == LocalSource(path=tmp_path.resolve()), "no detours in what people read"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Name a repository"),
        ("  ", "Name a repository"),
        ("-x", "dash"),
        ("--upload-pack=touch x", "dash"),
        ("ext::sh -c touch% x", "::"),
        ("fd::17", "::"),
        ("https::http://x/y", "::"),
        ("https://github.com/a/b\n", "control characters"),
        ("https://github.com/a\x00/b", "control characters"),
        ("https://github.com/a/\u202eb", "control characters"),
        ("x" * 5000, "too long"),
        ("ssh://git@github.com/a/b", "https"),
        ("git://github.com/a/b", "https"),
        ("http://github.com/a/b", "https"),
        ("file:///etc", "https"),
        ("ftp://github.com/a/b", "https"),
        ("git+https://github.com/a/b", "https"),
        ("git@github.com:owner/name.git", "use https://github.com/owner/name.git"),
        ("github.com:owner/name.git", "use https://github.com/owner/name.git"),
        ("github.com/owner/name", "write https://github.com/owner/name"),
        ("https://user:secret@github.com/a/b", "passwords"),
        ("https://token@github.com/a/b", "passwords"),
        ("https://github.com@evil.example/a/b", "passwords"),
        ("https://github.com:8443/a/b", "Port 8443"),
        ("https://github.com:22/a/b", "Port 22"),
        ("https://github.com:x/a/b", "malformed"),
        ("https://[::1/a/b", "malformed"),
        ("https://github.com/a/b?x=1", "`\\?`"),
        ("https://github.com/a/b#main", "ref"),
        ("https://github.com", "path"),
        ("https://github.com/a/../../b", "path"),
        ("https://github.com/a b/c", "path"),
        ("https://github.com/a/b/tree/main/sub", "use https://github.com/a/b "),
        ("https:///a/b", "host"),
        ("https://-evil/a/b", "host"),
        ("https://exa mple.com/a/b", "host"),
        ("https://127.0.0.1/a/b", "private"),
        ("https://2130706433/a/b", "odd spelling"),
        ("https://0x7f000001/a/b", "odd spelling"),
        ("https://0x7f.1/a/b", "odd spelling"),
        ("https://0177.0.0.1/a/b", "odd spelling"),
        ("https://127.1/a/b", "odd spelling"),
        ("https://a.example.0x/a/b", "odd spelling"),
        ("https://127.0.0.1./a/b", "private"),
        ("https://%31%32%37.0.0.1/a/b", "host"),
        ("https://ⓛocalhost/a/b", "host"),
        ("https://127。0。0。1/a/b", "host"),
        ("https://１２７.0.0.1/a/b", "host"),
        ("https://a..b/a/b", "host"),
        ("https://[fe80::1%25eth0]/a/b", "host|private"),
        ("https://[::7f00:1]/a/b", "private"),
        ("https://[64:ff9b::7f00:1]/a/b", "private"),
        ("https://[2002:7f00:1::]/a/b", "private"),
        ("https://[::1]/a/b", "private"),
        ("https://[::ffff:127.0.0.1]/a/b", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://10.0.0.1/a/b", "private"),
    ],
)
def test_everything_else_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        parse_source(text)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@given(
    st.text() | st.text(alphabet=st.sampled_from("https:/@-.gitub[]%~\\ab1\x00")).map(lambda text: f"https://{text}")
)
@example("HTTPS://0/@")
def test_any_text_is_taken_or_refused(text: str) -> None:
    try:
        source = parse_source(text)
    except UserError:
        return
    if isinstance(source, RemoteSource):
        assert source.url.startswith("https://")
        assert not set(source.url) & set("\x00\\ ")
        assert "@" not in urlsplit(source.url).netloc


@pytest.mark.parametrize("text", ["/etc", "/nowhere", ".", "~", "project.tar.gz"])
def test_a_service_takes_no_path_and_does_not_tell_which_there_are(text: str) -> None:
    with pytest.raises(UserError, match=r"^Repositories are read over https here: write https://host/owner/name"):
        parse_source(text, Admission(local=False))


def test_a_service_may_read_from_its_hosts_alone() -> None:
    admission = Admission(hosts=frozenset({"github.com", "git.example:8443"}), private=True)
    for text in ("https://GitHub.com/a/b", "https://git.example:8443/a/b", "https://github.com./a/b"):
        parse_source(text, admission)
    for text in ("https://evil.example/a/b", "https://git.example/a/b", "https://sub.github.com/a/b"):
        with pytest.raises(UserError, match=r"allowed are: git.example:8443, github.com"):
            parse_source(text, admission)


def test_git_is_pinned_to_the_addresses_that_were_checked() -> None:
    source = RemoteSource(url="https://a.example/b", host="a.example")
    setting = pinned(source, ("8.8.8.8", "2606:4700::6810:84e5"))
    assert setting == "http.curloptResolve=a.example:443:8.8.8.8,[2606:4700::6810:84e5]"


@pytest.mark.parametrize("ref", ["main", "v1.2.3", "feature/x_y-z", "release-1.x", "a1b2c3d", "1.0+local", "_x", "a@b"])
def test_plain_refs_are_taken(ref: str) -> None:
    assert check_ref(ref) == ref


@pytest.mark.parametrize(
    "ref",
    [
        *(
            "",
            "-x",
            "--upload-pack=x",
            "a..b",
            "a b",
            "a\nb",
            "a~1",
            "a^",
            "a:b",
            "a?",
            "a*",
            "a[",
            "a\\b",
            "@{u}",
            "a@{1}",
        ),
        *("a//b", "/a", "a/", ".a", "a/.b", "a.lock", "a.", "x" * 300, "é", ":/text", "$(x)", "`x`", "+a"),
    ],
)
def test_odd_refs_are_refused(ref: str) -> None:
    with pytest.raises(UserError, match="is not the name"):
        check_ref(ref)


def test_subdirectories_stay_inside() -> None:
    assert check_subdirectory("") == check_subdirectory(".") == ""
    assert check_subdirectory("packages/core/") == "packages/core"
    assert check_subdirectory("./a//b") == "a/b"
    for text in ("/etc", "..", "a/../../b", "a/..", "-x", "a\nb"):
        with pytest.raises(UserError, match="folder inside the repository"):
            check_subdirectory(text)

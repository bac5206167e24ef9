"""Index settings of uv and pip as they reach a build."""

from pathlib import Path

from tools.recipe.index_settings import index_inside, index_settings


def test_pip_settings_are_translated_and_uv_wins() -> None:
    pip = {"PIP_INDEX_URL": "https://a/simple", "PIP_EXTRA_INDEX_URL": "https://b/simple https://c/simple"}
    assert index_settings(pip) == {
        "UV_DEFAULT_INDEX": "https://a/simple",
        "UV_INDEX": "https://b/simple https://c/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert index_settings({**pip, "UV_DEFAULT_INDEX": "https://uv/simple"})["UV_DEFAULT_INDEX"] == "https://uv/simple"
    assert index_settings({"UV_INDEX": "https://b/simple"}) == {"UV_INDEX": "https://b/simple"}


def test_nothing_else_of_the_environment_is_passed() -> None:
    assert index_settings({"HOME": "/root", "AWS_SECRET_ACCESS_KEY": "x", "UV_CACHE_DIR": "/c", "PATH": "/bin"}) == {}


def test_a_local_index_is_mounted_with_the_files_it_links_to_and_nothing_beside(tmp_path: Path) -> None:
    page = tmp_path / "pypi" / "simple" / "thing" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text('<a href="../../files/thing-1.whl#sha256=0">x</a> <a href="../../../../etc/passwd">y</a>')
    for name in ("files", "private"):
        (tmp_path / "pypi" / name).mkdir()
    _, mounts = index_inside({"UV_INDEX": f"file://{tmp_path}/pypi/simple"})
    assert [mount.target for mount in mounts] == [f"{tmp_path}/pypi/simple", f"{tmp_path}/pypi/files"]
    assert {mount.mode for mount in mounts} == {"ro"}


def test_certificates_get_a_place_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    inside, [mount] = index_inside({"SSL_CERT_FILE": str(tmp_path / "ca.pem"), "SSL_CERT_DIR": "/nowhere/at/all"})
    assert inside == {"SSL_CERT_FILE": mount.target}
    assert mount.source == tmp_path / "ca.pem"
    assert not mount.target.startswith("/etc")

"""Index settings of uv and pip as they reach a build."""

from pathlib import Path

from tools.network.indexes import indexes
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


def led(settings: dict[str, str]) -> dict[str, str]:
    inside, _ = index_inside(settings, lambda index: f"/{indexes(settings).index(index)}/")
    return {name: value for name, value in inside.items() if name.startswith(("UV_", "SSL_"))}


def test_a_local_index_is_mounted_with_the_files_it_links_to_and_nothing_beside(tmp_path: Path) -> None:
    page = tmp_path / "pypi" / "simple" / "thing" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text('<a href="../../files/thing-1.whl#sha256=0">x</a> <a href="../../../../etc/passwd">y</a>')
    for name in ("files", "private"):
        (tmp_path / "pypi" / name).mkdir()
    settings = {"UV_INDEX": f"file://{tmp_path}/pypi/simple"}
    inside, mounts = index_inside(settings, lambda _: "/0/")
    assert [mount.target for mount in mounts] == [f"{tmp_path}/pypi/simple", f"{tmp_path}/pypi/files"]
    assert {mount.mode for mount in mounts} == {"ro"}
    assert inside["UV_INDEX"] == settings["UV_INDEX"]


def test_an_index_of_a_host_is_an_address_of_the_relay() -> None:
    assert led({}) == {"UV_DEFAULT_INDEX": "http://127.0.0.1:@PORT@/0/"}
    assert led({"UV_INDEX_URL": "https://a/simple", "UV_INDEX": "own=https://b/simple https://c/simple"}) == {
        "UV_DEFAULT_INDEX": "http://127.0.0.1:@PORT@/0/",
        "UV_INDEX": "own=http://127.0.0.1:@PORT@/1/ http://127.0.0.1:@PORT@/2/",
    }
    assert led({"UV_NO_INDEX": "1", "UV_INDEX": "https://a/simple"}) == {"UV_NO_INDEX": "1"}


def test_how_an_index_is_reached_is_not_seen_inside() -> None:
    secret = {
        "UV_DEFAULT_INDEX": "https://user:hunter22@a.example/simple",
        "UV_INDEX": "own=https://b.example/simple",
        "UV_INDEX_OWN_USERNAME": "user",
        "UV_INDEX_OWN_PASSWORD": "hunter22",
        "HTTPS_PROXY": "http://user:hunter22@proxy.example",
        "SSL_CERT_FILE": "/etc/hunter22.pem",
        "UV_INSECURE_HOST": "a.example",
    }
    inside, mounts = index_inside(secret, lambda _: "/0/")
    assert "hunter22" not in repr(inside)
    assert "a.example" not in repr(inside)
    assert mounts == ()
    assert inside["HTTPS_PROXY"] == "http://127.0.0.1:@PORT@"

"""The rules of the house that no linter knows."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("api", "workers", "storage", "agent", "tools")
MOST_LINES = 400
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def tracked(*patterns: str) -> list[Path]:
    """Files that are, or are about to be, part of the project."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in sorted(set(listing.split("\0")) - {""}) if (ROOT / name).is_file()]


def shown(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def pyproject() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / lock).read_text()))


def test_a_file_is_one_idea() -> None:
    long = [path for path in tracked("*.py") if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    assert shown(long) == [], f"over {MOST_LINES} lines: split by idea"


def test_modules_are_named_for_what_they_hold() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py"}
    assert shown([path for path in tracked("*.py") if path.name in vague]) == []


def reads_environment(tree: ast.AST) -> bool:
    """Whether code touches `os.environ` or `os.getenv`, by attribute or by import."""
    names = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names and getattr(node.value, "id", None) == "os":
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and names & {alias.name for alias in node.names}:
            return True
    return False


def test_one_module_reads_the_environment() -> None:
    # The driver runs in a target's sandbox, where the environment is what Hasten put there.
    files = [path for path in tracked(*(f"{room}/*.py" for room in ROOMS)) if "driver" not in path.parts]
    readers = [path for path in files if reads_environment(ast.parse(path.read_bytes()))]
    assert set(shown(readers)) <= {"workers/settings.py"}


def prose(text: str) -> str:
    """Markdown without its code blocks and code spans."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL))


def headings(text: str) -> set[str]:
    """The anchors GitHub gives to a page's headings."""
    lines = re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def links(page: Path) -> list[str]:
    """Targets of a page's links that stay within the project."""
    found = re.findall(r"\]\(<?([^)\s>]+)>?(?: +\"[^\"]*\")?\)", prose(page.read_text("utf-8")))
    return [link for link in found if not re.match(r"[a-z][a-z+.-]*:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists() or not anchor or target.suffix != ".md":
        return target.exists()
    return anchor in headings(target.read_text("utf-8"))


@pytest.mark.parametrize("page", shown(tracked("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    broken = [link for link in links(ROOT / page) if not leads_somewhere(ROOT / page, link)]
    assert broken == []


def test_every_page_is_linked() -> None:
    linked = {((page.parent / link.partition("#")[0]).resolve()) for page in tracked("*.md") for link in links(page)}
    assert shown([page for page in tracked("docs/*.md") if page not in linked]) == []


def test_documented_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = re.compile(r"(?:^ *(?:\$ )?|`)make ([a-z]+)", re.MULTILINE)
    named = {name for page in tracked("*.md", ".ci/run") for name in code.findall(page.read_text("utf-8"))}
    assert {"optimize", "test", "check"} <= named
    assert named - targets == set()


def test_locks_hold_hashes_and_no_index() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in text


def test_locks_agree() -> None:
    development = pins("requirements-dev.lock")
    differing = {name for name, version in pins("requirements.lock").items() if development.get(name) != version}
    assert differing == set(), "run make lock"


def test_locks_meet_what_pyproject_asks_for() -> None:
    settings = pyproject()
    asked = {
        "requirements.lock": settings["project"]["dependencies"],
        "requirements-dev.lock": settings["dependency-groups"]["dev"],
    }
    for lock, requirements in asked.items():
        held = {canonicalize_name(name): version for name, version in pins(lock).items()}
        for requirement in map(Requirement, requirements):
            version = held.get(canonicalize_name(requirement.name), "0")
            assert requirement.specifier.contains(version, prereleases=True), f"{lock}: {requirement}; run make lock"


def test_the_build_backend_is_the_locked_uv() -> None:
    """Linking Hasten into .venv needs no index as long as the backend's range holds the locked uv."""
    (backend,) = map(Requirement, pyproject()["build-system"]["requires"])
    assert backend.name == "uv_build"
    assert backend.specifier.contains(pins("requirements.lock")["uv"])


def test_each_runtime_dependency_is_accounted_for() -> None:
    page = (ROOT / "docs/decisions/dependencies.md").read_text()
    lines = set(re.findall(r"^\| `([a-z0-9-]+)` +\|", page, re.MULTILINE))
    assert lines == {Requirement(text).name for text in pyproject()["project"]["dependencies"]}


def test_the_driver_needs_the_standard_library_only(tmp_path: Path) -> None:
    """Every driver file, imported as in a sandbox: no site-packages, nothing of Hasten in sight."""
    (tmp_path / "_hasten_driver").symlink_to(ROOT / "tools/driver")
    files = [path.relative_to(ROOT / "tools/driver") for path in tracked("tools/driver/*.py")]
    modules = [".".join(("_hasten_driver", *path.with_suffix("").parts)).removesuffix(".__init__") for path in files]
    script = (
        "import importlib, json, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "for name in sys.argv[2:]: importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    command = [sys.executable, "-I", "-S", "-B", "-c", script, str(tmp_path), *modules]
    loaded = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    foreign = set(json.loads(loaded.stdout)) - sys.stdlib_module_names - {"__main__", "_hasten_driver"}
    assert foreign == set()


@pytest.mark.parametrize("path", shown(tracked("tools/driver/*.py")))
def test_the_driver_parses_on_old_interpreters(path: str) -> None:
    ast.parse((ROOT / path).read_bytes(), feature_version=(3, 8))

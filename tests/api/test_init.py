"""`hasten init`, as a person uses it: on a folder, a checkout and an archive, in the real sandbox."""

import subprocess
from pathlib import Path

import pytest

from api.cli.main import run

PASSING = {
    "thing.py": "def f():\n    return 1\n",
    "test_thing.py": "import thing\ndef test_f(): assert thing.f() == 1\n",
}


@pytest.fixture
def project(home: Path) -> Path:
    folder = home.parent / "project"
    folder.mkdir()
    for name, text in PASSING.items():
        (folder / name).write_text(text)
    return folder


def test_it_writes_what_it_found_tries_it_and_never_writes_over_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(project)]) == 0
    shown = capsys.readouterr()
    assert "Tests were found in `test_thing.py`." in shown.out
    assert f"Wrote {project / 'hasten.toml'}" in shown.out
    assert "Tests: 1 passed, in" in shown.out
    assert "Installing what the tests need" in shown.err
    text = (project / "hasten.toml").read_text()
    assert '\ntests = ["test_thing.py"]\n' in text

    assert run(["init", str(project)]) == 2
    assert "--force writes it anew" in capsys.readouterr().err
    (project / "hasten.toml").write_text('tests = ["test_more.py"]\n')
    (project / "test_more.py").write_text("import thing\ndef test_bad(): assert thing.f() == 2\n")
    assert run(["init", "--check", str(project)]) == 1
    shown = capsys.readouterr()
    assert "hasten.toml sets `tests`." in shown.out
    assert "test_more.py::test_bad  /project/test_more.py:2: assert 1 == 2" in shown.out
    assert "Nothing passes: mend hasten.toml" in shown.out
    assert run(["init", "--force", "--no-check", str(project)]) == 0
    assert '\ntests = ["test_more.py", "test_thing.py"]\n' in (project / "hasten.toml").read_text()


def test_a_checkout_is_told_to_commit_the_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first"],
    ):
        subprocess.run(["git", "-C", str(project), *words], check=True)
    assert run(["init", "--no-check", str(project)]) == 0
    assert "Commit hasten.toml: the other commands read HEAD." in capsys.readouterr().out


def test_an_archive_can_be_tried_but_not_written_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = project.parent / "project.tar.gz"
    subprocess.run(["tar", "czf", str(archive), "-C", str(project.parent), "project"], check=True)
    assert run(["init", str(archive)]) == 2
    assert "--check tries it without" in capsys.readouterr().err
    (project / "hasten.toml").symlink_to("elsewhere.toml")
    assert run(["init", "--force", "--no-check", str(project)]) == 2
    assert "symbolic link" in capsys.readouterr().err
    assert not (project / "elsewhere.toml").exists()

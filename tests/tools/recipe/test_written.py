"""A detected recipe written as `hasten.toml`: complete, commented, and read back as it was."""

import dataclasses
from pathlib import Path

import pytest

from tools.errors import UserError
from tools.recipe.detect import detect, explain
from tools.recipe.hasten_toml import keys, read_recipe
from tools.recipe.written import as_toml, check_free

ODD = 'dep"end\\ency==1; python_version > "3"'
REQUIREMENTS = f"pytest\n{ODD}\n" + "".join(f"dependency-{number}\n" for number in range(20))
PROJECTS = {
    "plain": {"thing.py": "", "tests.py": "if __name__ == '__main__':\n    pass\n"},
    "packaged": {
        "setup.py": "setup(name='thing', extras_require={'test': ['pytest']})\n",
        "thing/__init__.py": "",
        "tests/test_it.py": "",
        "tox.ini": '[testenv]\nsetenv =\n  MODE = a "b"\ncommands = pytest\n',
        "pytest.ini": "[pytest]\naddopts = -n 4 -m 'not slow'\n",
    },
    "requiring": {
        "thing.py": "",
        "test_it.py": "",
        "requirements-test.txt": f"pytest\n{ODD}\n" + "a-dependency\n" * 20,
    },
    "of another python": {"setup.py": "setup(name='t', python_requires='>=3.99')\n", "t.py": "", "test_it.py": ""},
    "named oddly": {"thing.py": "", "test_a\nb = 1.py": "", "test_\u202e.py": "", "test_\x7f.py": ""},
}


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_written_is_read_as_it_was_detected(name: str, tmp_path: Path) -> None:
    for path, text in PROJECTS[name].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    detected = explain(tmp_path)
    text = as_toml(detected)
    (tmp_path / "hasten.toml").write_text(text)
    notes = {"notes": ()}
    assert dataclasses.replace(read_recipe(tmp_path), **notes) == dataclasses.replace(detect(tmp_path), **notes)
    assert [key for key in keys() if f"\n{key} = " not in text and f"\n# {key} = " not in text] == ["env", "goal"]
    assert "# [goal]\n# min-gain = 0.02\n" in text
    assert "\nenv]" in text.replace("# [", "\n").replace("[env]", "\nenv]")
    for reason in (one for reasons in detected.reasons.values() for one in reasons if one.isprintable()):
        assert f"# {reason}" in text


def test_settings_that_are_there_are_not_written_over(tmp_path: Path) -> None:
    check_free(tmp_path, force=False)
    (tmp_path / "pyproject.toml").write_text("[tool.hasten]\ntests = []\n")
    with pytest.raises(UserError, match=r"\[tool\.hasten\], which a hasten\.toml would hide: --force"):
        check_free(tmp_path, force=False)
    (tmp_path / "hasten.toml").touch()
    with pytest.raises(UserError, match="is there already: `hasten init --check` tries it, --force"):
        check_free(tmp_path, force=False)
    check_free(tmp_path, force=True)

"""Where a name is defined."""

from pathlib import Path

import pytest

from tools.code.definitions import find_definitions, near_definitions, no_definition
from tools.code.tree import CodeTree, Library, folder_tree

GARDEN = Path(__file__).with_name("garden")


@pytest.fixture(scope="module")
def garden() -> CodeTree:
    return folder_tree(GARDEN)


def lines(tree: CodeTree, name: str) -> list[str]:
    return [str(one).removeprefix("src/garden/") for one in find_definitions(tree, name)]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("Plant", "plants.py:6-40 class Plant"),
        ("sown", "plants.py:35-37 method Plant.sown"),
        ("garden.plants.Plant.tall", "plants.py:26-29 method Plant.tall"),
        ("plants:Plant.__init__", "plants.py:11-13 method Plant.__init__"),
        ("src/garden/plants.py:Plant.__reveal", "plants.py:39-40 method Plant.__reveal"),
        ("src/garden/plants.py::Plant.grow", "plants.py:15-18 method Plant.grow"),
        ("_Plant__reveal", "plants.py:39-40 method Plant.__reveal"),
        ("Plant.grow()", "plants.py:15-18 method Plant.grow"),
        ("water.pour", "tending.py:25-26 function water.pour"),
        ("logged.<locals>.inner", "tending.py:14-16 function logged.inner"),
        ("garden.Oak", "plants.py:43-49 class Tree"),
        ("garden:give_water", "tending.py:21-28 function water"),
        ("Plant.name", "plants.py:12-12 variable Plant.name"),
        ("Shrub", "visits.py:7-7 variable Shrub"),
    ],
)
def test_a_name_is_found_in_every_form(garden: CodeTree, name: str, answer: str) -> None:
    assert lines(garden, name) == [answer]


@pytest.mark.parametrize("name", ["no_such_thing", "", "a b", "Plant.", ".", ":", "x" * 3000, "Plant.nothing"])
def test_what_is_not_there_is_not_found(garden: CodeTree, name: str) -> None:
    assert find_definitions(garden, name) == []


def test_an_attribute_is_found_where_it_is_assigned(garden: CodeTree) -> None:
    assert lines(garden, "Bush.height") == [
        "plants.py:9-9 variable Plant.height, inherited by Bush (src/garden/plants.py)",
        "plants.py:17-17 variable Plant.height, inherited by Bush (src/garden/plants.py)",
    ]


def test_a_module_is_found_by_its_name(garden: CodeTree) -> None:
    (one,) = find_definitions(garden, "garden.engines")
    assert (one.path, one.kind, one.first_line) == ("src/garden/engines.py", "module", 1)


def test_several_of_a_name_are_all_found(garden: CodeTree) -> None:
    assert {one.qualname for one in find_definitions(garden, "grow")} == {
        *("Plant.grow", "Tree.grow", "Climbing.grow", "Engine.grow", "Keeper.grow", "grow"),
    }


@pytest.mark.parametrize(
    ("name", "owner", "through"),
    [
        ("Bush.season", "Plant.season", "Bush"),
        ("Pine.grow", "Tree.grow", "Pine"),
        ("Ivy.grow", "Climbing.grow", "Ivy"),
        ("Ivy.trim", "Bush.trim", "Ivy"),
        ("Ivy.tall", "Plant.tall", "Ivy"),
        ("garden.tending.Bush.seed", "Plant.seed", "Bush"),
    ],
)
def test_a_member_that_is_inherited_is_found_in_its_base(garden: CodeTree, name: str, owner: str, through: str) -> None:
    (one,) = find_definitions(garden, name)
    assert (one.qualname, one.inherited_by) == (owner, f"{through} (src/garden/plants.py)")


def test_definitions_that_follow_each_other_are_all_shown(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "class C:\n    @property\n    def size(self): ...\n    @size.setter\n    def size(self, v): ...\n"
        "if C:\n    def f(): ...\nelse:\n    def f(): return 1\n"
    )
    tree = folder_tree(tmp_path)
    assert [one.first_line for one in find_definitions(tree, "C.size")] == [2, 4]
    assert [one.first_line for one in find_definitions(tree, "f")] == [7, 9]


def test_libraries_are_looked_through_by_module_and_by_what_is_imported(tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    (installed / "lib").mkdir(parents=True)
    (installed / "lib" / "__init__.py").write_text("from .base import Base as Base, made\n")
    (installed / "lib" / "base.py").write_text("class Base:\n    def run(self): ...\n\ndef made(): ...\n")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "app.py").write_text(
        "import lib as library\nfrom lib import made as make, Base\n\nclass App(Base):\n    pass\n"
    )
    tree = folder_tree(tmp_path / "project", libraries=[Library("site-packages", installed)])
    base = "site-packages/lib/base.py"
    assert lines(tree, "lib.Base.run") == [f"{base}:2-2 method Base.run"]
    assert lines(tree, "made") == [f"{base}:4-4 function made"]
    assert lines(tree, "make") == [f"{base}:4-4 function made"]
    assert lines(tree, "library.made") == [f"{base}:4-4 function made"]
    assert lines(tree, "App.run") == [f"{base}:2-2 method Base.run, inherited by App (app.py)"]


def test_links_out_of_a_library_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("def key(): ...\n")
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / "leak.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "project").mkdir()
    tree = folder_tree(tmp_path / "project", libraries=[Library("site-packages", tmp_path / "installed")])
    assert find_definitions(tree, "leak.key") == []
    assert tree.text("site-packages/leak.py") is None
    assert tree.text("site-packages/../secret.py") is None


def test_a_miss_names_what_is_near(garden: CodeTree) -> None:
    assert "water" in near_definitions(garden, "watr")
    assert "by_name" in near_definitions(garden, "tending.by_nam")
    assert "Names that are near: season" in no_definition(garden, "Plant.saeson")
    assert no_definition(garden, "len") == "len is built into Python; the project does not define it."


def test_a_miss_names_a_file_that_does_not_parse(garden: CodeTree) -> None:
    path = "src/garden/tending.py"
    broken = garden.edited({path: (garden.text(path) or "").replace("return [pour(", "return [[pour(")})
    said = no_definition(broken, "water")
    assert "src/garden/tending.py does not parse: line 28" in said
    assert "there water seems to begin at line 22" in said


def test_hostile_sources_are_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "deep.py").write_text("def f(): return " + "(" * 500 + ")" * 500 + "\n")
    (tmp_path / "nul.py").write_text("def f(): return '\0'\n")
    (tmp_path / "loop.py").write_text(
        "from loop import *\nfrom loop import f\nf = f\nclass A(A): pass\nclass B(A, B): pass\n"
    )
    (tmp_path / "long.py").write_text("x = " + " + ".join(["1"] * 20_000) + "\ndef f(): ...\n")
    tree = folder_tree(tmp_path)
    assert {one.path for one in find_definitions(tree, "f")} <= {"long.py", "loop.py"}
    assert find_definitions(tree, "B.nothing") == []

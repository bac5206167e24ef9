"""Who uses what, on a small repository whose comments say it."""

import re
from pathlib import Path

import pytest

from tools.code.definitions import find_definitions
from tools.code.references import References, find_references
from tools.code.tree import CodeTree, folder_tree

GARDEN = Path(__file__).with_name("garden")
MARK = re.compile(r"\b(sure|possible): ([\w., ]+)")
Places = set[tuple[str, int]]


@pytest.fixture(scope="module")
def garden() -> CodeTree:
    return folder_tree(GARDEN)


def said(name: str, certainty: str) -> Places:
    """Lines whose comment names the definition so."""
    found = set()
    for file in GARDEN.rglob("*.py"):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for mark, names in MARK.findall(line.partition("#")[2]):
                if mark == certainty and name in names.replace(" ", "").split(","):
                    found.add((file.relative_to(GARDEN).as_posix(), number))
    return found


def asked(tree: CodeTree, name: str) -> References:
    (definition,) = find_definitions(tree, name)
    return find_references(tree, definition)


TARGETS = (
    "Plant",
    "Plant.grow",
    "Tree.grow",
    "Engine.grow",
    "Climbing.grow",
    "Plant.tall",
    "Plant.seed",
    "Engine.tall",
    "garden.engines:grow",
    "garden.tending:water",
    "logged",
    "water.pour",
)


@pytest.mark.parametrize("target", TARGETS)
def test_references_are_exact(garden: CodeTree, target: str) -> None:
    found = asked(garden, target)
    name = target.rpartition(":")[2]
    assert {(one.path, one.line) for one in found.sure} == said(name, "sure")
    assert {(one.path, one.line) for one in found.possible} == said(name, "possible")
    assert (found.unread, found.broken) == ([], [])


def test_every_mark_of_the_repository_is_checked() -> None:
    names = {
        name
        for file in GARDEN.rglob("*.py")
        for _, listed in MARK.findall(file.read_text())
        for name in listed.replace(" ", "").split(",")
    }
    assert names == {target.rpartition(":")[2] for target in TARGETS}


def test_the_family_of_a_method_is_exact(garden: CodeTree) -> None:
    grow = asked(garden, "Plant.grow")
    assert grow.inherited_by == ["src/garden/plants.py:Bush"]
    assert grow.overridden_by == ["src/garden/plants.py:Tree.grow"]
    assert grow.overrides == []
    tree = asked(garden, "Tree.grow")
    assert tree.inherited_by == ["src/garden/plants.py:Pine"]
    assert tree.overrides == ["src/garden/plants.py:Plant.grow"]
    plant = asked(garden, "Plant")
    assert [one.rpartition(":")[2] for one in plant.inherited_by] == ["Bush", "Ivy", "Pine", "Tree"]


def test_calls_are_told_from_other_uses_with_the_function_around(garden: CodeTree) -> None:
    kinds = {(one.function, one.kind) for one in asked(garden, "logged").found}
    assert kinds == {("", "decorator")}
    water = {(one.path.rpartition("/")[2], one.function, one.kind) for one in asked(garden, "tending:water").found}
    assert ("visits.py", "Keeper.round", "call") in water
    assert ("__init__.py", "", "import") in water
    assert ("__init__.py", "", "export") in water


def test_classes_and_names_that_an_edit_adds_are_seen(garden: CodeTree) -> None:
    assert asked(garden, "Bush.trim").inherited_by == ["src/garden/plants.py:Ivy"]
    text = "from garden.plants import Bush as Shrub\n\nclass Hedge(Shrub): ...\n\nHedge().trim()\n"
    found = asked(garden.edited({"src/garden/new.py": text, "src/garden/tending.py": text}), "Bush.trim")
    assert found.inherited_by == [f"src/garden/{one}" for one in ("new.py:Hedge", "plants.py:Ivy", "tending.py:Hedge")]
    assert {one.path for one in found.sure} >= {"src/garden/new.py", "src/garden/tending.py"}


def test_edits_are_seen(garden: CodeTree) -> None:
    path = "src/garden/engines.py"
    text = (garden.text(path) or "").replace(
        "    water(engine)\n", "    from garden import tending\n    tending.water(1)\n"
    )
    edited = garden.edited({path: text, "src/garden/visits.py": None, "broken.py": "def water(:\n"})
    found = asked(edited, "garden.tending:water")
    assert [(one.path, one.function) for one in found.sure if "engines" in one.path] == [(path, "start")]
    assert not any("visits" in one.path for one in found.found)
    assert found.broken == ["broken.py"]

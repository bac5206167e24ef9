"""The tools that read, as a model calls them."""

import shutil
from pathlib import Path

import pytest
from desks import call, desk_on

from agent.desk import Desk
from agent.toolbox.tools import TOOLS

GARDEN = Path(__file__).parents[2] / "tools" / "code" / "garden"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    installed = tmp_path / "installed"
    (installed / "lib").mkdir(parents=True)
    (installed / "lib" / "__init__.py").write_text('def swept(leaves):\n    """Sweep leaves away."""\n')
    source = shutil.copytree(GARDEN, tmp_path / "garden", ignore=shutil.ignore_patterns("__pycache__"))
    return desk_on(source, tmp_path / "home", installed)


def test_outline_shows_the_root_a_folder_a_file_and_a_module(desk: Desk) -> None:
    assert "src/  5 files" in call(desk, "outline")
    assert "plants.py  82 lines: Plant, Tree, Bush" in call(desk, "outline", path="src/garden")
    assert "class Bush(Plant)" in call(desk, "outline", path="src/garden/plants.py")
    assert call(desk, "outline", path="garden.plants") == call(desk, "outline", path="./src/garden/plants.py")
    assert call(desk, "outline", path="plants.py") == (
        "Error: There is no file 'plants.py'. Did you mean src/garden/plants.py?"
    )


def test_view_shows_numbered_lines_and_the_way_on(desk: Desk) -> None:
    shown = call(desk, "view", path="src/garden/engines.py", first=4, last=7)
    assert shown.splitlines() == [
        "src/garden/engines.py, lines 4 to 7 of 32",
        "4| class Engine:",
        '5|     """No plant at all."""',
        "6| ",
        "7|     tall = False",
    ]
    desk.write("src/garden/long.py", "x = 1\n" * 600)
    assert call(desk, "view", path="src/garden/long.py").endswith(
        '[line 251 follows: view(path="src/garden/long.py", first=251)]'
    )
    assert "600 lines; line 900 is beyond its end" in call(desk, "view", path="src/garden/long.py", first=900)
    assert call(desk, "view", path="src/garden/long.py", first=9, last=3).startswith(
        "Error: The last line, 3, is before"
    )
    assert "def swept" in call(desk, "view", path="site-packages/lib/__init__.py")
    assert call(desk, "view", path="../../etc/passwd").startswith("Error: There is no file")


def test_definition_shows_source_bases_and_candidates(desk: Desk) -> None:
    shown = call(desk, "definition", name="Bush.season")
    assert shown.startswith(
        "src/garden/plants.py:20-24 method Plant.season, inherited by Bush (src/garden/plants.py)\n"
    )
    assert "23|             self.grow(1)" in shown
    several = call(desk, "definition", name="grow")
    assert several.startswith('6 definitions; ask for one: definition(name="src/garden/engines.py:Engine.grow")')
    assert "Names that are near: season" in call(desk, "definition", name="seasons")
    assert "def swept" in call(desk, "definition", name="lib.swept")


def test_a_large_class_is_shown_by_its_members(desk: Desk) -> None:
    body = "".join(f"    def m{number}(self):\n        return {number}\n" for number in range(200))
    desk.write("src/garden/large.py", f"class Large:\n{body}")
    shown = call(desk, "definition", name="Large")
    assert "  400-401     def m199(self)" in shown
    assert "return 199" not in shown
    assert shown.endswith("[401 lines: its members by name; definition shows one, view shows lines]")


def test_references_show_the_sure_the_possible_and_the_family(desk: Desk) -> None:
    shown = call(desk, "references", name="Plant.grow")
    assert shown.splitlines()[:5] == [
        "Uses of src/garden/plants.py:15-18 method Plant.grow",
        "inherited by: src/garden/plants.py:Bush",
        "overridden by: src/garden/plants.py:Tree.grow",
        "10 sure: 10 calls",
        "checks/check_garden.py",
    ]
    assert "  49 in Tree.grow: return super().grow(by)  # sure: Plant.grow" in shown
    assert "5 possible, by the name alone: 2 calls, 3 strings" in shown
    assert "[where it is a Ivy]" in shown
    only = call(desk, "references", name="Plant.grow", path="src/garden/visits.py")
    assert "1 sure: 1 call" in only
    assert "tending" not in only
    assert "it runs where the class is called" in call(desk, "references", name="Plant.__init__")
    assert call(desk, "references", name="grow").startswith("Error: grow may mean 6 things; ask for one:\n")


def test_references_of_many_places_are_cut_with_a_way_to_the_rest(desk: Desk) -> None:
    calls = "".join(f"def f{number}():\n    water({number})\n" for number in range(90))
    desk.write("src/garden/many.py", f"from garden.tending import water\n{calls}")
    shown = call(desk, "references", name="garden.tending:water")
    assert "more here: path='src/garden/many.py' shows them]" in shown
    assert "in 2 more files: src/garden/tending.py 2, src/garden/visits.py 4; path= shows them]" in shown


def test_search_shares_its_room_among_files(desk: Desk) -> None:
    desk.write("src/garden/many.py", "needle = 1\n" * 500)
    shown = call(desk, "search_code", pattern=r"needle|Trim|def trim", context=1)
    assert shown.startswith("502 lines in 2 files of 7")
    assert "src/garden/plants.py\n54| \n55|     def trim(self):\n56|         return self.grow(-1)" in shown
    assert "src/garden/many.py (470 more)" in shown
    assert call(desk, "search_code", pattern="nothing_like_it").startswith("Nothing found in 7 files.")
    assert "No file matches path='lib/*.c'" in call(desk, "search_code", pattern="x", path="lib/*.c")
    assert "Search for plain text with regex=false" in call(desk, "search_code", pattern="grow(")
    assert "grow(1)" in call(desk, "search_code", pattern="grow(", regex=False)


def test_find_api_finds_the_repositorys_and_libraries_functions(desk: Desk) -> None:
    assert "def tend(" not in call(desk, "find_api", query="give water")
    assert call(desk, "find_api", query="give water").startswith("garden.tending:water  (src/garden/tending.py:22)")
    assert "Use other words" in call(desk, "find_api", query="zyzzyva")
    desk.write("src/garden/uses.py", "import lib\n")
    assert call(desk, "find_api", query="sweep leaves").startswith("lib:swept  (site-packages/lib/__init__.py:1)")


def test_edits_are_seen_by_every_tool(desk: Desk) -> None:
    before = call(desk, "definition", name="Bush.trim")
    call(desk, "edit", path="src/garden/plants.py", old="self.grow(-1)", new="self.grow(-2)")
    assert "self.grow(-2)" in call(desk, "definition", name="Bush.trim")
    assert "self.grow(-2)" in call(desk, "view", path="src/garden/plants.py", first=55, last=57)
    assert "1 line in 1 file" in call(desk, "search_code", pattern="grow(-2)", regex=False)
    call(desk, "undo")
    assert call(desk, "definition", name="Bush.trim") == before


def test_history_of_a_folder_says_that_there_is_none(desk: Desk) -> None:
    assert "has no git history: it is an archive or a folder of files. Go on without." in call(desk, "history")


def test_the_prompt_of_a_tool_has_an_example() -> None:
    assert [tool.name for tool in TOOLS if f"{tool.name}(" not in tool.description] == []

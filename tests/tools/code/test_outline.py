"""What a file or a folder holds."""

from pathlib import Path

from tools.code.outline import outline_class, outline_file, outline_folder
from tools.code.tree import CodeTree, folder_tree

GARDEN = Path(__file__).with_name("garden")


def test_classes_show_lines_bases_signatures_and_what_they_inherit() -> None:
    shown = "\n".join(outline_file(folder_tree(GARDEN), "src/garden/plants.py"))
    assert shown.startswith("src/garden/plants.py, 82 lines  # Things that grow.")
    assert "   15-18      def grow(self, by)  # Become taller." in shown
    assert "   26-29      @property def tall(self)  # Whether it is taller than a person." in shown
    assert "   77-82    class Ivy(Climbing, Bush)  # Climbs first, then grows as a bush." in shown
    assert "from Climbing (src/garden/plants.py:67): grow, climb\n" in shown
    assert "from Bush (src/garden/plants.py:52): trim\n" in shown
    assert "from Plant (src/garden/plants.py:6): height, season, tall, seed, sown" in shown


def test_signatures_are_whole_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "async def f(a, /, b: int = 3, *rest: str, c, d=(1,\n   2), **more) -> 'list[int]':\n"
        '    """First line.\n\n    More."""\n    def inner(): ...\nif True:\n    def g(*, x=None): ...\n'
    )
    shown = outline_file(folder_tree(tmp_path), "m.py")
    assert shown[1:] == [
        "    1-6     async def f(a, /, b: int = 3, *rest: str, c, d=(1, 2), **more) -> 'list[int]'  # First line.",
        "    8-8     def g(*, x=None)",
    ]


def test_a_file_that_does_not_parse_says_where_and_shows_names(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def f():\n    return 1\n\nclass C(:\n    pass\n")
    shown = outline_file(folder_tree(tmp_path), "m.py")
    assert shown[0].startswith("m.py, 5 lines. It does not parse: line 4: ")
    assert shown[1:] == ["    1  def f", "    4  class C"]


def test_a_packages_own_file_shows_what_it_passes_on() -> None:
    shown = outline_file(folder_tree(GARDEN), "src/garden/__init__.py")
    assert "    3        from .plants import Plant, Tree as Oak" in shown


def test_a_folder_shows_files_with_names_and_folders_with_sums() -> None:
    tree = folder_tree(GARDEN)
    assert any(line.startswith("  src/  5 files, ") for line in outline_folder(tree, "."))
    shown = outline_folder(tree, "src/garden/")
    assert "  engines.py  32 lines: Engine, grow, water, start" in shown


def test_edits_are_outlined() -> None:
    tree = folder_tree(GARDEN).edited({"src/garden/new.py": "def fresh(): ...\n", "src/garden/engines.py": None})
    shown = "\n".join(outline_folder(tree, "src/garden"))
    assert "new.py  1 line: fresh" in shown
    assert "engines.py" not in shown


def test_one_class_is_outlined_by_itself() -> None:
    shown = outline_class(folder_tree(GARDEN), "src/garden/plants.py", "Bush")
    assert [line.split("  ")[0] for line in map(str.strip, shown)][::2] == ["52-56", "55-56"]


def test_other_text_shows_headings(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\ntext\n\n## Two\n")
    (tmp_path / "a.rst").write_text("One\n===\n\ntext\n\nTwo\n---\n")
    (tmp_path / "a.bin").write_bytes(b"\xff\0")
    tree = folder_tree(tmp_path)
    assert outline_file(tree, "a.md")[1:] == ["    1  # One", "    5  ## Two"]
    assert outline_file(tree, "a.rst")[1:] == ["    1  One", "    6  Two"]
    assert outline_file(tree, "a.bin") == ["a.bin is no text, or too large to take apart."]


def test_two_thousand_files_are_outlined() -> None:
    tree = CodeTree((f"p/m{number}.py" for number in range(2000)), lambda path: f"def f{path[3:-3]}(): ...\n")
    assert len(outline_folder(tree, "p")) == 2001

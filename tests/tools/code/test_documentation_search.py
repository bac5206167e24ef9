"""What a question in plain words finds in a library that no model has seen."""

from pathlib import Path

import pytest

from tools.code.documentation import Documentation
from tools.code.ranking import words_of
from tools.code.tree import Library, folder_tree

PANTRY = Path(__file__).with_name("pantry")
ASKED = {
    "check whether food is past its date": "items:Item.is_expired",
    "how many days until an item spoils": "items:Item.days_left",
    "divide an item into equal portions": "items:Item.split",
    "text for the sticker on a jar": "items:Item.label",
    "put something on a shelf": "items:Shelf.put",
    "how much space is left on a shelf": "items:Shelf.free_space",
    "order items so that the ones expiring first come first": "items:Shelf.sort_by_date",
    "read items from csv": "items:load_items",
    "find items with the same name": "items:find_duplicates",
    "sum of the weights of all items": "items:total_weight",
    "convert euros to dollars with exchange rates": "money:convert_currency",
    "parse a money amount out of a string": "money:parse_price",
    "price including tax": "money:add_tax",
    "lower a price by some percent": "money:discount",
    "spending for each month": "money:monthly_spending",
    "which shop is cheapest for an item": "money:cheapest_shop",
    "share a bill between several people": "money:split_bill",
    "scale a recipe for more guests": "recipes:Recipe.scale",
    "which ingredients are missing in stock": "recipes:Recipe.missing",
    "energy in kilocalories": "recipes:Recipe.calories",
    "list of what has to be bought": "recipes:shopping_list",
    "replacement for an ingredient I do not have": "recipes:substitute",
    "menu for the whole week": "recipes:weekly_plan",
    "how many minutes does cooking take": "recipes:cooking_time",
    "dishes with the highest rating": "recipes:best_rated",
    "pounds or ounces to grams": "units:to_grams",
    "fahrenheit to celsius": "units:celsius",
    "number and unit from a text like 2 cups": "units:parse_quantity",
    "make a backup copy of the database": "store:Store.backup",
    "all or nothing changes": "store:Store.transaction",
    "search items by name ignoring case": "store:Store.search",
    "free unused disk space": "store:Store.vacuum",
    "dump the database as json": "store:export_json",
    "sync two databases": "store:synchronise",
    "run a callback when an item changes": "store:watch",
    "revert the last change": "store:undo_last",
    "memoize a function for a number of seconds": "store:cached",
    "call again after a failure": "store:retry",
}


@pytest.fixture(scope="module")
def index() -> Documentation:
    return Documentation(folder_tree(PANTRY))


@pytest.mark.parametrize(("question", "answer"), ASKED.items())
def test_the_function_asked_for_is_among_the_first_five(index: Documentation, question: str, answer: str) -> None:
    assert f"pantry.{answer}" in [one.place for one in index.find(question)]


def test_it_is_usually_the_first(index: Documentation) -> None:
    first = sum(index.find(question)[0].place == f"pantry.{answer}" for question, answer in ASKED.items())
    assert first >= 0.7 * len(ASKED)


def test_the_library_is_large_enough_to_tell() -> None:
    functions = sum(file.read_text().count("def ") for file in (PANTRY / "src").rglob("*.py"))
    assert functions - 6 >= 60  # six are constructors or private
    assert len(ASKED) >= 30


def test_words_are_the_same_in_all_their_forms_and_inside_identifiers() -> None:
    for forms in (
        "match matches matched matching",
        "copy copies copied",
        "cache cached caches caching",
        "stop stopped",
    ):
        assert len({tuple(words_of(form)) for form in forms.split()}) == 1, forms
    assert words_of("parse_HTTPHeader2json") == words_of("parsing http headers 2 json")
    assert words_of("it is of the") == []


def test_an_answer_has_signature_place_and_first_paragraph(index: Documentation) -> None:
    one = index.find("read items from csv")[0]
    assert (one.place, one.path, one.signature) == (
        "pantry.items:load_items",
        "src/pantry/items.py",
        "def load_items(path)",
    )
    assert one.text == "Read items from a CSV file, one on each row."
    cls = next(one for one in index.find("something that can be bought and used up") if one.place.endswith("Item"))
    assert cls.signature == "class Item(name, grams, best_before=None)"


def test_pages_are_found_with_their_section(index: Documentation) -> None:
    one = index.find("settings currency toml")[0]
    assert (one.place, one.signature) == ("README.md, Configuration", "")
    assert one.text.startswith("Settings are read from")


def test_private_functions_are_not_offered(index: Documentation) -> None:
    assert not any("_shift" in one.place for one in index.find("move items left shelf shrinks"))


def test_libraries_that_the_code_imports_are_searched_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import pantry\n")
    library = Library("site-packages", PANTRY / "src")
    found = Documentation(folder_tree(tmp_path, libraries=[library])).find("exchange money into another currency")
    assert found[0].place == "pantry.money:convert_currency"
    assert found[0].path == "site-packages/pantry/money.py"
    (tmp_path / "app.py").write_text("import os\n")
    assert not Documentation(folder_tree(tmp_path, libraries=[library])).find("exchange money into another currency")

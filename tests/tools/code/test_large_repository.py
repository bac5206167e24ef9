"""A repository of two thousand files answers within a second or two, also after an edit."""

import time

from tools.code.definitions import find_definitions
from tools.code.documentation import documentation
from tools.code.references import find_references
from tools.code.search import search
from tools.code.tree import CodeTree

FUNCTION = '''

def f{0}(x):
    """Adds {0} to a number."""
    return C{0}().run(x)
'''
CLASS = """from pkg.base import shared

class C{0}:
    def run(self, x):
        return shared(x) + {0}
"""


def text(path: str) -> str:
    number = path.rpartition("/m")[2].removesuffix(".py")
    if not number.isdigit():
        return "def shared(x):\n    return x\n"
    filler = "".join(f"\n\ndef g{number}_{one}(a, b):\n    return [a, b, {one}]\n" for one in range(40))
    return CLASS.format(number) + FUNCTION.format(number) + filler


def ask(tree: CodeTree, question: str) -> object:
    match question:
        case "definition":
            return [str(one) for one in find_definitions(tree, "C1234.run")]
        case "a common definition":
            return len(find_definitions(tree, "run")) > 50
        case "search":
            return search(tree, r"shared\(x\) \+ 1999").count
        case "find_api":
            return len(documentation(tree).find("adds 77 to a number"))
    (definition,) = find_definitions(tree, question)
    return len(find_references(tree, definition).sure)


def test_every_question_is_answered_soon() -> None:
    paths = [f"pkg/part{number % 40}/m{number}.py" for number in range(2000)]
    tree = CodeTree(["pkg/base.py", *paths], text)
    spent_s = {}
    for edits in range(2):
        for question in ("definition", "a common definition", "C5", "C5.run", "shared", "search", "find_api"):
            started = time.process_time()
            assert ask(tree, question)
            spent_s[f"{question} after {edits} edits"] = time.process_time() - started
        tree = tree.edited({"pkg/base.py": "def shared(x):\n    return +x\n"})
    assert {name: spent for name, spent in spent_s.items() if spent > 8} == {}

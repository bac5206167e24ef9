"""How many small wrong edits the verdict rejects: `python -m benchmarks.wrong_edits [--seed N] [--json FILE]`.

Downloads pinned sdists with pip, prepares each project once, and judges every edit of the corpus and as many again
from a seeded mutator: by the impacted tests and by the comparison of behaviour, each whatever the other says. Nothing
is timed. `--check` only checks that the corpus applies and that its witnesses show what they are for.
"""

import argparse
import json
import random
import secrets
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.wrong_edits.edits import REFACTORING, Edit, read_corpus
from benchmarks.wrong_edits.judging import Judged, Prepared, judged, prepared
from benchmarks.wrong_edits.mutator import draw
from benchmarks.wrong_edits.projects import PROJECTS, fetch
from benchmarks.wrong_edits.search import find_difference
from benchmarks.wrong_edits.table import page, row_of
from benchmarks.wrong_edits.witness import problems

WORKERS = 2


def download(names: list[str], folder: Path) -> dict[str, Path]:
    """The trees of the projects, by name."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(names, pool.map(lambda name: fetch(PROJECTS[name], folder / name), names), strict=True))


def some(edits: list[Edit], most: int | None, seed: int) -> list[Edit]:
    """All refactorings, and of the wrong edits at most so many, drawn by the seed."""
    wrong = [edit for edit in edits if edit.kind != REFACTORING]
    if most is None or len(wrong) <= most:
        return edits
    chosen = {id(edit) for edit in random.Random(seed).sample(wrong, most)}
    return [edit for edit in edits if edit.kind == REFACTORING or id(edit) in chosen]


def mutants(projects: dict[str, Prepared], count: int, seed: int) -> list[Edit]:
    """Edits by chance, as many of each project as of the others, on functions whose calls were recorded."""
    found: list[Edit] = []
    for place, (name, project) in enumerate(projects.items()):
        share = count * (place + 1) // len(projects) - count * place // len(projects)
        functions = [function for function in project.baseline.recorded if "test" not in function.path]
        found += draw(name, project.baseline.snapshot.tree, functions, share, random.Random(f"{seed} {name}"))
    return found


def judge_all(projects: dict[str, Prepared], edits: list[Edit], mutated: int, seed: int) -> list[Judged]:
    """Every edit judged, those of the mutator that pass searched on; said one by one on standard error."""

    def one(number: int) -> Judged:
        edit = edits[number]
        project = projects[edit.project]
        found = judged(project, edit, number + 1)
        if number >= len(edits) - mutated and not found.tests and not found.counter_example:
            found = found.with_search(find_difference(project.bench(edit, number + 1), seed + number))
        print(row_of(found), file=sys.stderr, flush=True)
        return found

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(len(edits))))


def run(options: argparse.Namespace, scratch: Path) -> int:
    """Everything, from the downloads to the table; the exit code."""
    names = options.only or list(PROJECTS)
    trees = download(names, scratch / "sdists")
    corpus = some([edit for edit in read_corpus() if edit.project in names], options.by_hand, options.seed)
    if wrong := problems(trees, corpus, scratch):
        print(*wrong, sep="\n")
        return 1
    if options.check:
        print(f"{len(corpus)} edits apply, and each witness shows what its edit is for")
        return 0
    print(f"seed {options.seed}", file=sys.stderr)
    with ExitStack() as stack:
        projects = {
            name: stack.enter_context(
                prepared(tree, scratch / "home", [edit for edit in corpus if edit.project == name], options.seed)
            )
            for name, tree in trees.items()
        }
        drawn = mutants(projects, options.mutants, options.seed)
        results = judge_all(projects, [*corpus, *drawn], len(drawn), options.seed)
    print(page(results, options.seed))
    if options.json:
        options.json.write_text(json.dumps([found.plain() for found in results], indent=1), encoding="utf-8")
    return 0


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wrong_edits", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 31), help="a new one each run by default")
    parser.add_argument("--by-hand", type=int, help="at most so many wrong edits of the corpus; all by default")
    parser.add_argument("--mutants", type=int, default=150, help="edits that the mutator makes")
    parser.add_argument("--only", action="append", choices=PROJECTS, help="judge edits of this project; repeatable")
    parser.add_argument("--check", action="store_true", help="only check the corpus")
    parser.add_argument("--json", type=Path, help="write every result here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(run(options, Path(scratch)))


if __name__ == "__main__":
    main()

"""The diffs that were kept on real projects, each with the sentence of the person who read it."""

from merged_changes import interval
from running import Run

READ: dict[str, dict[str, str]] = {
    "tabulate": {
        "_multiline_width": (
            "Mergeable: the file compiles its other patterns at the top too, and this one is asked of every cell."
        ),
        "_align_column_multiline_width": (
            "Mergeable together with its twin below, sharing one constant: both split at the same two characters."
        ),
        "_pipe_line_with_colons": (
            "Mergeable: one expression for another of the same length, and `map` over two lists stops at the shorter "
            "one as `zip` did."
        ),
        "_grid_line_with_colons": (
            "Mergeable: two brackets; `join` makes a list of whatever it is given, and a comprehension makes it faster."
        ),
        "_mediawiki_row_with_attrs": (
            "Mergeable but for taste: the table is constant and only read; a maintainer may want a longer name than "
            "`_ALIGNMENT`."
        ),
    },
    "python-dateutil": {
        "relativedelta.__init__": (
            "Mergeable: the checks ask the same of the same values in the same order and warn once as before, without "
            "making two generators for each object."
        ),
    },
    "docutils": {
        "path": (
            "Mergeable: two brackets; `join` makes a list of whatever it is given, and a comprehension makes it faster."
        ),
        "educateQuotes": (
            "Mergeable: a table and six patterns that never change are made once; the file compiles its others at the "
            "top already. A maintainer would give the numbered patterns names of their own."
        ),
    },
    "jinja2": {
        "Token.test_any": (
            "Mergeable: the parser asks it at every token of a template, and the loop says what `any` said without "
            "making a generator each time."
        ),
    },
    "click": {
        "ShellComplete.func_name": (
            "Not worth merging: the name is asked for once, where a completion script is written, and the pattern "
            "would be compiled whenever click is imported."
        ),
    },
    "beautifulsoup4": {
        "AttrList.__contains__": (
            "Mergeable: the view of the keys answers `in` as the list of them did, and no list is made to be asked."
        ),
    },
    "more-itertools": {
        "gray_product": (
            "Mergeable: two brackets in the generator's inner loop; `tuple` makes a list of what it is given anyway."
        ),
    },
    "wcwidth": {
        "width": "Mergeable: one comparison for each character in the place of a call of `max`; it reads as well.",
    },
}
"""By project and changed function: why a maintainer could merge it, or why not."""
UNREAD = "Nobody has read this one yet."


def diffs(one: Run) -> list[str]:
    """What was kept of one project, to be read."""
    lines = []
    for kept in one.report["kept"] if one.report else []:
        name = (kept["target"] or "").partition(":")[2]
        lines += [f"### {one.name}: {kept['summary']}", "", f"{interval(kept['speedup'])} on {kept['workload']}."]
        lines += [READ.get(one.name, {}).get(name, UNREAD), ""]
        lines += [*(f"- {caveat}" for caveat in kept["caveats"]), *([""] if kept["caveats"] else [])]
        lines += ["```diff", kept["patch"].rstrip("\n"), "```", ""]
    return lines

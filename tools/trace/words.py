"""A followed call as a model reads it: block by block, source lines with the values that changed."""

from collections.abc import Sequence
from itertools import zip_longest

from tools.trace.calls import Block, TracedCall
from tools.trace.pick import Picked

MOST_KEPT = 60
"""Items of a generator's that the driver keeps."""


def in_words(picked: Picked, path: str, text: str) -> str:
    """The call with its blocks; `text` is the source at `path`."""
    call = picked.call
    arguments = ", ".join(f"{one}={value}" for one, value in call.arguments)
    of = f", one of {picked.of} calls" if picked.of > 1 else ""
    head = f"{call.name}({arguments}) ({path}{of}) {_end(call)}."
    if picked.before is not None:
        head += f"\nOn the unchanged code this call {_end(picked.before)}.{_items(call, picked.before)}"
        if picked.misled:
            were = ", ".join(f"{one}={value}" for one, value in picked.before.arguments)
            head += f" It came with other arguments there: {were}. What made these went wrong before."
    source = text.splitlines()
    parts = [_block(number, block, source) for number, block in enumerate(call.blocks, 1)]
    if missing := call.count - len(call.blocks) - len(call.last):
        parts.append(f"... {missing} blocks in between ...")
    begin = call.count - len(call.last) + 1
    parts += [_block(number, block, source) for number, block in enumerate(call.last, begin)]
    return "\n".join([head, "", *parts])


def _end(call: TracedCall) -> str:
    if call.ending == "unfinished":
        return f"has not come to its end; it stands in line {call.line}"
    count = len(call.items)
    after = f" after it gave {count if count < MOST_KEPT else 'many'} items" if count else ""
    return f"{call.ending} {call.value}{after}"


def _items(now: TracedCall, before: TracedCall) -> str:
    """The first item that a generator gives otherwise."""
    for number, (one, other) in enumerate(zip_longest(now.items, before.items, fillvalue="missing"), 1):
        if one != other:
            return f" Its item {number} is {one}; there it is {other}."
    return ""


def _block(number: int, block: Block, source: Sequence[str]) -> str:
    rows = [f"block {number}"]
    rows += [f"{line:6}  {source[line - 1] if 0 < line <= len(source) else ''}".rstrip() for line in block.lines]
    if block.changed:
        rows.append("        now " + "; ".join(f"{name} = {value}" for name, value in block.changed))
    return "\n".join(rows)

"""The entries, by what they have in common."""

from entry import Entry

from entries import (
    answers,
    bold,
    clocks,
    deferred,
    harness,
    moved,
    noticing,
    pretence,
    process,
    skipping,
    state,
    stealing,
)

ENTRIES: tuple[Entry, ...] = (
    *clocks.ENTRIES,
    *state.ENTRIES,
    *moved.ENTRIES,
    *deferred.ENTRIES,
    *skipping.ENTRIES,
    *stealing.ENTRIES,
    *harness.ENTRIES,
    *noticing.ENTRIES,
    *answers.ENTRIES,
    *pretence.ENTRIES,
    *process.ENTRIES,
    *bold.ENTRIES,
)
CHEATS = tuple(entry for entry in ENTRIES if not entry.twin)
TWINS = tuple(entry for entry in ENTRIES if entry.twin)

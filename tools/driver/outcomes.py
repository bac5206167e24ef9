"""One outcome for each test, merged from what its phases reported."""

import linecache

MOST_MESSAGE_CHARACTERS = 2000
MOST_FRAMES = 12
MOST_SOURCE_CHARACTERS = 160
_RANK = {"error": 5, "failed": 4, "xpassed": 3, "passed": 2, "xfailed": 2, "skipped": 1}


class Outcomes:
    """Merges the reports of set-up, call and tear-down (and of subtests) as they come."""

    def __init__(self):
        self._open = {}

    def add(self, report):
        """Take one phase's report."""
        if report.outcome == "rerun":
            # A plugin runs the test again; what counts is its last attempt.
            self._open.pop(report.nodeid, None)
            return
        entry = self._open.setdefault(report.nodeid, {"outcome": None, "duration_s": 0.0, "message": "", "trace": ""})
        entry["duration_s"] += getattr(report, "duration", 0.0) or 0.0
        outcome = _of_phase(report)
        if outcome and _RANK[outcome] > _RANK.get(entry["outcome"], 0):
            entry["outcome"] = outcome
            entry["message"] = "" if outcome == "passed" else message_of(report)
            entry["trace"] = trace_of(report) if outcome in ("failed", "error") else ""

    def take(self, nodeid):
        """The merged outcome of a test that is over; None where nothing was reported."""
        entry = self._open.pop(nodeid, None)
        if entry is not None and entry["outcome"] is None:
            entry.update(outcome="error", message="the test's call was never reported")
        return entry


def _of_phase(report):
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "xfailed" if hasattr(report, "wasxfail") else "skipped"
    if report.when != "call":
        return None
    return "xpassed" if hasattr(report, "wasxfail") else "passed"


def message_of(report):
    """The heart of a failure or the reason of a skip, shortened."""
    longrepr = report.longrepr
    if isinstance(longrepr, tuple) and len(longrepr) == 3:
        return str(longrepr[2])[:MOST_MESSAGE_CHARACTERS]
    crash = getattr(longrepr, "reprcrash", None)
    if crash is not None:
        text = "%s:%s: %s" % (crash.path, crash.lineno, crash.message)
    else:
        text = str(longrepr or getattr(report, "wasxfail", "") or "")[-MOST_MESSAGE_CHARACTERS:]
    return text[:MOST_MESSAGE_CHARACTERS]


def trace_of(report):
    """The frames that a failure went through, the outermost first, each with its line of source; "" where unknown."""
    entries = getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", None) or []
    places = [getattr(entry, "reprfileloc", None) for entry in entries]
    known = list(dict.fromkeys((str(place.path), place.lineno) for place in places if place is not None))
    if len(known) > MOST_FRAMES:
        known = [*known[: MOST_FRAMES // 2], None, *known[-MOST_FRAMES // 2 :]]
    return "\n".join("..." if place is None else "%s:%s: %s" % (*place, _source(*place)) for place in known)


def _source(path, number):
    return linecache.getline(path, number).strip()[:MOST_SOURCE_CHARACTERS]

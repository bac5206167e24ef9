"""One outcome for each test, merged from what its phases reported."""

MOST_MESSAGE_CHARACTERS = 2000
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
        entry = self._open.setdefault(report.nodeid, {"outcome": None, "duration_s": 0.0, "message": ""})
        entry["duration_s"] += getattr(report, "duration", 0.0) or 0.0
        outcome = _of_phase(report)
        if outcome and _RANK[outcome] > _RANK.get(entry["outcome"], 0):
            entry["outcome"] = outcome
            entry["message"] = "" if outcome == "passed" else message_of(report)

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

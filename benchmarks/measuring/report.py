"""The tables, as Markdown, of whatever results are stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measuring.peers import CASES, OURS
from benchmarks.measuring.shares import Share

COMMAND = "python -m benchmarks.measuring"


def page(results: Mapping[str, Any]) -> str:
    """Every table that there are results for, with the command that makes it."""
    parts = [_host(results)] if "machine" in results else []
    parts += [_promises(results), _places(results)] if "identical code" in results else []
    parts += [_rules(results["rules"])] if "rules" in results else []
    parts += [_reject(results["reject"])] if "reject" in results else []
    return "\n\n".join(parts)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _host(results: Mapping[str, Any]) -> str:
    machine = results["machine"]
    return (
        f"Recorded on {results['taken']}: {results['sessions']} sessions, {results['pairs']:,} pairs of processes, "
        f"on {machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}."
    )


def _promises(results: Mapping[str, Any]) -> str:
    rows: list[Sequence[object]] = [
        _alarms(results, "as recorded", "identical code, each session as it came, sides as they were and exchanged"),
        _alarms(results, "identical code", "identical code, judged faster"),
        _alarms(results, "identical code, by wall time", "the same, held to wall time throughout"),
        _jobs(results["a job of twenty no-ops"]),
        _found(results, "5 %, quiet"),
        _found(results, "5 %, noisy neighbour"),
        _found(results, "5 %, noisy neighbour, tenth confirmation"),
        _found(results, "10 %, noisy neighbour"),
        _found(results, "5 % of a delay"),
        _kept(results, "10 % on four fifths, 3x slower on the rest"),
        *_covered(results["interval at the stop"]),
    ]
    header = ("what", "share (95 % interval)", "pairs: median, nine tenths", "by wall time")
    return f"`{COMMAND} trials`:\n\n" + table(header, rows)


def _alarms(results: Mapping[str, Any], name: str, what: str) -> Sequence[object]:
    row = results[name]["all"]
    return what, Share(hits=row["faster"], trials=row["trials"]), _pairs(row), _wall(row)


def _found(results: Mapping[str, Any], name: str) -> Sequence[object]:
    row = results[name]["all"]
    return f"{name}: kept", Share(hits=row["kept"], trials=row["trials"]), _pairs(row), _wall(row)


def _kept(results: Mapping[str, Any], name: str) -> Sequence[object]:
    row = results[name]["all"]
    share = Share(hits=row["kept"], trials=row["trials"])
    return f"{name}: kept ({row['faster']:,} were faster in the median)", share, _pairs(row), _wall(row)


def _jobs(row: Mapping[str, Any]) -> Sequence[object]:
    share = Share(hits=row["with any faster"], trials=row["jobs"])
    return f"a job of twenty no-ops, any judged faster ({row['confirmations']:.1f} confirmations each)", share, "–", "–"


def _covered(row: Mapping[str, Any]) -> list[Sequence[object]]:
    names = {
        "all": "interval at the stop contains the true gain",
        "called faster": "the same, where it was called faster",
    }
    return [
        (what, Share(hits=row[name]["inside"], trials=row[name]["trials"]), "–", "–") for name, what in names.items()
    ]


def _pairs(row: Mapping[str, Any]) -> str:
    return f"{row['pairs_median']}, {row['pairs_most_of']}"


def _ends(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{end} {count / row['trials']:.0%}" for end, count in row["ends"].items() if end != "kept") or "–"


def _wall(row: Mapping[str, Any]) -> str:
    return f"{row['by_wall_time'] / row['trials']:.0%}"


def _places(results: Mapping[str, Any]) -> str:
    shown = {
        "identical code": "faster",
        "5 %, quiet": "kept",
        "5 %, noisy neighbour": "kept",
        "10 %, noisy neighbour": "kept",
        "5 % of a delay": "kept",
    }
    rows = [
        (name, place, Share(hits=row[count], trials=row["trials"]), _pairs(row), _ends(row), _wall(row))
        for name, count in shown.items()
        for place, row in results[name]["by place"].items()
    ]
    header = ("what", "where", "judged faster, or kept", "pairs: median, nine tenths", "otherwise", "by wall time")
    return "By workload and condition:\n\n" + table(header, rows)


def _rules(results: Mapping[str, Any]) -> str:
    header = ["rule", *(f"{case}, by turns" for case in CASES), *(f"{case}, one after the other" for case in CASES)]
    rows = []
    for name, row in results.items():
        by_turns = [_rate(row[case]["by turns"], row["trials"]) for case in CASES]
        in_turn = [_rate(row[case]["one after the other"], row["trials"]) if name != OURS else "–" for case in CASES]
        effort = (
            [f"{row[f'runs, {case}']} / {row[f'seconds, {case}']} s" for case in CASES]
            if name == OURS
            else [f"{row['runs']} / {row['seconds']} s"]
        )
        rows.append([name, *by_turns, *in_turn, ", ".join(dict.fromkeys(effort))])
    note = f"For {OURS}: {', '.join(CASES)}. Rates with their 95 % intervals."
    return f"`{COMMAND} rules`:\n\n" + table([*header, "pairs / time"], rows) + f"\n\n{note}"


def _rate(hits: int, trials: int) -> str:
    share = Share(hits=hits, trials=trials)
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"


def _reject(results: Mapping[str, Any]) -> str:
    rows = [
        (name, ", ".join(sorted(set(row["verdicts"]))), f"{_middle(row['seconds']):.1f}", f"{max(row['seconds']):.1f}")
        for name, row in results.items()
    ]
    every = [seconds for row in results.values() for seconds in row["seconds"]]
    header = ("hopeless candidate", "verdict", "median s", "longest s")
    rows.append(("all", "", f"{_middle(every):.1f}", f"{max(every):.1f}"))
    return f"`{COMMAND} reject`, after set-up, on a workload of a fifth of a second:\n\n" + table(header, rows)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]

"""How reports look on a terminal. Everything is drawn from the report, so that `show` repeats what `optimize` said."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agent.domain import Origin
from api.cli.commands import take_command
from api.cli.progress import VERDICT_STYLE
from api.judgement import Judgement
from api.legible import line, short
from api.report import CombinedPart, KeptPart, Report
from api.report_parts import BaselinePart, ChosenPart, LeftOutPart, TargetPart
from api.wording import baseline_text, gain_text, machine_text, noise_text, set_aside_text, spend_text, without_gain

MOST_CHOSEN = 12


def render_report(console: Console, report: Report) -> None:
    """The final table of a job."""
    console.print()
    _render_kept(console, report)
    _render_rejected(console, report)
    _render_chosen(console, report.chosen)
    caveats = {f"#{kept.candidate} {caveat}" for kept in report.kept for caveat in kept.caveats}
    _render_caveats(console, sorted(caveats))
    _render_facts(
        console,
        {
            "Ended": report.ended,
            "Spent": spend_text(report.spend),
            "Baseline": baseline_text(report.baseline),
            "Set aside": set_aside_text(report.baseline),
            "Machine": machine_text(report.machine),
            "Noise": noise_text(report.calibration),
            "Patch": take_command(report),
        },
    )


def render_judgement(console: Console, judgement: Judgement) -> None:
    """The verdict on one patch, and every question that was asked."""
    console.print()
    gain = f"  {gain_text(judgement.speedup)} on {line(judgement.workload)}" if judgement.speedup else ""
    verdict = Text.assemble((judgement.verdict.value, VERDICT_STYLE.get(judgement.verdict, "bold red")), gain)
    console.print(verdict)
    table = plain_table("reason")
    table.add_row(Text(without_gain(judgement.reason, judgement.workload)))
    print_table(console, table)
    if judgement.checks:
        console.print()
        table = plain_table("", "", "")
        for check in judgement.checks:
            mark = Text("✓", style="green") if check.passed else Text("✗", style="red")
            table.add_row(mark, line(check.name), Text(short(check.detail), style="dim"))
        print_table(console, table)
    _render_chosen(console, judgement.chosen)
    _render_caveats(console, judgement.caveats)
    _render_facts(
        console,
        {
            "Spent": spend_text(judgement.spend),
            "Baseline": baseline_text(judgement.baseline),
            "Set aside": set_aside_text(judgement.baseline),
            "Machine": machine_text(judgement.machine),
            "Noise": noise_text(judgement.calibration),
        },
    )


def render_suite(console: Console, baseline: BaselinePart) -> None:
    """How the tests of the unchanged code fared, and which play no part."""
    _render_facts(console, {"Baseline": baseline_text(baseline), "Set aside": set_aside_text(baseline)})


def render_targets(console: Console, targets: Iterable[TargetPart]) -> None:
    """Where the time goes."""
    columns = ("own", "with callees", "tests", "findings")
    table = plain_table(*columns, "function", right=columns, header=True)
    for target in targets:
        table.add_row(
            f"{target.own_share:.1%}",
            f"{target.cumulative_share:.1%}",
            str(target.covered_by),
            str(target.findings or "-"),
            Text(line(target.name), style="bold"),
        )
    print_table(console, table)


def hottest(targets: Iterable[TargetPart]) -> list[TargetPart]:
    """By the time that goes there, the most first; a report has them in the order they are taken."""
    return sorted(targets, key=lambda target: (-target.own_share, -target.cumulative_share))


def render_left_out(console: Console, left_out: Iterable[LeftOutPart]) -> None:
    """What takes time and is no target, a line a reason; silent where there is nothing."""
    for item in left_out:
        several = "functions" if item.functions != 1 else "function"
        names = ", ".join(line(example) for example in item.examples)
        said = f"  left out: {line(item.why)}, {item.functions} {several}, {item.own_share:.1%} of the time ({names})"
        console.print(Text(said, style="dim"), soft_wrap=True)


def plain_table(*columns: str, right: Iterable[str] = (), header: bool = False) -> Table:
    """A table without lines; the last column folds, the others stay whole."""
    table = Table(box=None, show_header=header, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, column in enumerate(columns, start=1):
        table.add_column(
            column,
            no_wrap=index < len(columns),
            overflow="fold",
            justify="right" if column in right else "left",
        )
    return table


def print_table(console: Console, table: Table, *, indent: int = 2) -> None:
    """Print a table; without the blanks that fill its lines where they would end up in a file."""
    padded = Padding(table, (0, 0, 0, indent))
    if console.is_terminal:
        console.print(padded)
        return
    with console.capture() as captured:
        console.print(padded)
    for text in captured.get().splitlines():
        console.print(Text(text.rstrip()), soft_wrap=True)


def _render_kept(console: Console, report: Report) -> None:
    judged = sum(candidate.origin is not Origin.FINISH for candidate in report.candidates)
    of = f"of {judged} candidate{'s' * (judged != 1)}"
    if not report.kept:
        console.print(Text(f"Nothing kept {of}", style="bold"))
        return
    console.print(Text(f"Kept {len(report.kept)} {of}", style="bold green"))
    table = plain_table("#", "speedup", "tests", "cases", "change", right=("tests", "cases"), header=True)
    for kept in report.kept:
        table.add_row(
            str(kept.candidate), Text(gain_text(kept.speedup), style="green"), _tests(kept), _cases(kept), _change(kept)
        )
    print_table(console, table)
    if report.combined:
        _render_combined(console, report.combined)


def _render_combined(console: Console, combined: CombinedPart) -> None:
    title = "Together" if len(combined.candidates) > 1 else "Delivered"
    if not combined.patch:
        gain = Text("nothing", style="bold red")
    elif combined.speedup:
        gain = Text(gain_text(combined.speedup), style="bold green")
    else:
        gain = Text("not confirmed", style="yellow")
    on = f" on {line(combined.workload)}" if combined.workload else ""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    detail = without_gain(combined.detail, combined.workload)
    table.add_row(title, Text.assemble(gain, on, f"\n{detail}"))
    console.print()
    print_table(console, table, indent=0)


def _render_rejected(console: Console, report: Report) -> None:
    total = sum(report.rejected.values())
    if not total:
        return
    console.print(Text(f"\nRejected {total}", style="bold"))
    table = plain_table("n", "verdict", "why", right=("n",))
    for outcome, count in sorted(report.rejected.items(), key=lambda item: -item[1]):
        first = next(seen for seen in report.candidates if seen.verdict is outcome)
        why = Text.assemble((f"#{first.candidate} ", ""), (short(first.reason), "dim"))
        table.add_row(str(count), Text(outcome.value, style=VERDICT_STYLE.get(outcome, "")), why)
    print_table(console, table)


def _render_chosen(console: Console, chosen: Sequence[ChosenPart]) -> None:
    """What was measured and why: a line for each target."""
    if not chosen:
        return
    console.print(Text("\nMeasured on", style="bold"))
    table = plain_table("target", "workload")
    for item in chosen[:MOST_CHOSEN]:
        table.add_row(line(item.target), Text.assemble(short(item.workload), (f" · {line(item.why)}", "dim")))
    print_table(console, table)
    if len(chosen) > MOST_CHOSEN:
        console.print(Text(f"  and {len(chosen) - MOST_CHOSEN} more (--json)", style="dim"))


def _render_caveats(console: Console, caveats: Iterable[str]) -> None:
    rows = [Text(line(caveat)) for caveat in caveats]
    if not rows:
        return
    console.print(Text("\nCaveats", style="bold"))
    table = plain_table("", "")
    for row in rows:
        table.add_row("·", row)
    print_table(console, table)


def _render_facts(console: Console, facts: Mapping[str, str]) -> None:
    console.print()
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in facts.items():
        if value:
            table.add_row(name, line(value))
    print_table(console, table, indent=0)


def _tests(kept: KeptPart) -> str:
    return f"{kept.tests.passed}" if kept.tests else "-"


def _cases(kept: KeptPart) -> str:
    return f"{kept.equivalence.cases}" if kept.equivalence else "-"


def _change(kept: KeptPart) -> Text:
    target = f"{line(kept.target)}\n" if kept.target else ""
    counted = f"\ninstructions: {kept.instructions.change:+.0%}" if kept.instructions else ""
    return Text.assemble((target, "bold"), line(kept.summary), (counted, "dim"))

"""What terminal and page say in the same words: gains, time spent, the baseline, the machine and its noise."""

import math
from collections.abc import Mapping

from agent.result import NOT_COLLECTED, NOT_RUN
from api.legible import line
from api.report_parts import BaselinePart, CalibrationPart, SpeedupPart, SpendPart

FEW = 2
"""So many tests that were left out are named."""


def clock_face(seconds: float) -> str:
    """Minutes and seconds, `1:05`; hours before them where there are any."""
    whole = math.floor(max(0.0, seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def gain_text(speedup: SpeedupPart | None) -> str:
    """A speedup with its interval; `-` where there is none."""
    if speedup is None:
        return "-"
    low = "?" if speedup.low is None else f"{speedup.low:.2f}"
    high = "?" if speedup.high is None else f"{speedup.high:.2f}"
    return f"{speedup.point:.2f}x [{low}, {high}]"


def without_gain(reason: str, workload: str) -> str:
    """A reason for keeping without the gain and the workload that begin it, where these are said already."""
    return line(reason.partition(f" on {workload}: ")[2] or reason)


def spend_text(spend: SpendPart) -> str:
    """Time and what else was spent."""
    facts = [clock_face(spend.wall_s)]
    if spend.candidates:
        facts.append(f"{spend.candidates} judgement{'s' * (spend.candidates != 1)}")
    if spend.model_calls:
        facts.append(f"{spend.model_calls} model call{'s' * (spend.model_calls != 1)}, {spend.tokens:,} tokens")
        facts.append(_dollars(spend))
    return " · ".join(facts)


def _dollars(spend: SpendPart) -> str:
    if spend.unpriced_tokens == 0:
        return f"{spend.usd:.2f} dollars"
    unknown = f"{spend.unpriced_tokens:,} tokens at an unknown price"
    return unknown if spend.unpriced_tokens == spend.tokens else f"{spend.usd:.2f} dollars and {unknown}"


def baseline_text(baseline: BaselinePart) -> str:
    """The tests of the unchanged code and what was measured."""
    tests = baseline.tests
    ran = tests.collected - sum(group.count for group in tests.absent if group.why == NOT_RUN)
    share = f" ({ran / tests.collected:.0%} of the suite ran)" if ran < tests.collected else ""
    if any(group.why == NOT_COLLECTED for group in tests.absent):
        share = " (a part of the suite ran)"
    facts = [f"{tests.passed} test{'s pass' if tests.passed != 1 else ' passes'}{share}"]
    if tests.failed:
        facts.append(f"set aside as failing: {tests.failed}")
    if tests.flaky:
        facts.append(f"set aside as flaky: {tests.flaky}")
    facts += [f"measured on {item.name}" for item in baseline.workloads[:1]]
    more = len(baseline.workloads) - 1
    return " · ".join(facts) + (f" and {more} more" if more > 0 else "")


def set_aside_text(baseline: BaselinePart) -> str:
    """Which tests play no part and why, in one line; empty where all do."""
    parts = [
        f"{group.why}: {', '.join(group.names) if group.count <= FEW else _counted(group.count, group.why)}"
        for group in baseline.tests.absent
    ]
    if baseline.tests.ran_once:
        parts.append(f"ran once instead of three times, for want of time: {baseline.tests.ran_once:,} tests")
    return " · ".join(parts)


def _counted(count: int, why: str) -> str:
    return f"{count:,} {'test files' if why == NOT_COLLECTED else 'tests'}"


def machine_text(machine: Mapping[str, object]) -> str:
    """What is known of the host, the telling first."""
    forms = {
        "processor": "{}",
        "cores": "{} cores",
        "memory_bytes": "{} of memory",
        "system": "{}",
        "python": "Python {}",
        "sandbox": "sandbox {}",
    }
    known = {name: machine[name] for name in forms if machine.get(name)}
    if isinstance(memory := known.get("memory_bytes"), int):
        known["memory_bytes"] = f"{memory / 1024**3:.1f} GiB"
    facts = [forms[name].format(value) for name, value in known.items()]
    if machine.get("sandbox_degraded"):
        facts[-1] += " (degraded, see hasten doctor)"
    return " · ".join(facts)


def noise_text(found: CalibrationPart | None) -> str:
    """How much the unchanged code differs from itself; empty where it was not measured."""
    if found is None:
        return ""
    return f"the unchanged code against itself: half of {found.pairs} pairs differ by less than " + (
        f"{math.expm1(found.noise):.1%} ({found.clock} time)"
    )

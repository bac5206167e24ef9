"""The page of a job: it stands alone, says what the report says, and hostile text is only text."""

import json
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from checkout import last_job
from scripted import ENTRIES, PATCH, Script, evidence, rejected
from test_evidence import pair

from agent.domain import Outcome
from agent.evidence import Timed
from agent.protocols import Entry
from api.cli.main import run
from api.page.chart import chart_of
from api.page.diff import diff_of
from api.page.flame import flame_of
from api.report_samples import MeasuredPart
from storage.store import open_store
from tools.git.patch import make_patch

HOSTILE = "<script>document.title='owned'</script><img src=//evil.example/x onerror=alert(1)>\x1b[31m\u202egnp.exe\x00"
SAFE = "&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;&lt;img src=//evil.example/x onerror=alert(1)&gt;"
FOLDED = f"m.py:main;m.py:slow 900\nm.py:main;m.py:quick 100\nm.py:{HOSTILE.replace(';', ',')} 50\n"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Elements(HTMLParser):
    """Every element with its attributes, and the text of those that run or style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def hostile(entry: Entry) -> Entry:
    """The entry with the worst that a target could make of its names, its patch and its words."""
    patch = make_patch({"a/<b>.py": b"x\n"}, {"a/<b>.py": f"y = '{HOSTILE.replace(chr(0), '')}'\r\n".encode()})
    candidate = replace(entry.candidate, patch=patch, summary=HOSTILE, target=f"m:{HOSTILE}")
    verdict = replace(entry.verdict, reason=HOSTILE, caveats=(HOSTILE,))
    return replace(entry, candidate=candidate, verdict=verdict)


def page(home: Path, repo: Path, entries: tuple[Entry, ...] = ENTRIES) -> str:
    """The page of a scripted job that kept something, with pairs and a profile."""
    with open_store(home) as store:
        digest = store.blobs.put(json.dumps([asdict(pair(seed)) for seed in range(14)]).encode())
        folded = store.blobs.put(FOLDED.encode())
    timed = [
        replace(
            entry,
            evidence=tuple(replace(e, samples=digest) if isinstance(e, Timed) else e for e in entry.evidence),
        )
        for entry in entries
    ]
    assert run(["optimize", str(repo)], Script(entries=tuple(timed), profiles=(folded, folded)).runners()) == 0
    assert run(["show", last_job(home), "--html", str(home / "page.html")]) == 0
    return (home / "page.html").read_text("utf-8")


def test_the_page_loads_nothing_and_runs_only_what_it_came_with(home: Path, repo: Path) -> None:
    text = page(home, repo, (hostile(ENTRIES[0]), hostile(ENTRIES[1])))
    elements = Elements(text)
    for tag, attributes in elements.found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "audio", "video", "use", "image"}
        assert not {"src", "srcset", "style", "data", "action"} & attributes.keys(), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert len(elements.tags("script")) == len(elements.tags("style")) == 1
    [policy] = [meta["content"] for meta in elements.tags("meta") if "http-equiv" in meta]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; "
        r"base-uri 'none'; form-action 'none'",
        policy or "",
    )
    assert "url(" not in text
    assert "@import" not in text


def test_hostile_text_is_only_text(home: Path, repo: Path) -> None:
    text = page(home, repo, (hostile(ENTRIES[0]), hostile(ENTRIES[1])))
    assert text.count(SAFE) >= 8
    assert not [mark for mark in text if mark in "\x1b\x00\u202e\r"]
    assert r"\x1b[31m\u202egnp.exe" in text


def test_the_page_says_what_the_report_says(home: Path, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = page(home, repo)
    assert run(["show", last_job(home)]) == 0
    out = capsys.readouterr().out
    for number in ("2.95x [2.83, 3.10]", "2.10x [2.02, ?]", "1.42x [1.36, 1.49]"):
        assert number in out
        assert number in text
    assert "tests/test_net.py::test_clock" in text
    assert "gains of 5% are ruled out" in text
    elements = Elements(text)
    assert len(elements.tags("h1")) == 1
    assert all("scope" in header for header in elements.tags("th"))
    labels = [svg for svg in elements.tags("svg") if svg.get("role") == "img"]
    assert all(svg["aria-label"] for svg in labels)
    assert len([svg for svg in labels if svg.get("class") == "flame"]) == 2
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"] for a in elements.tags("a")} <= {f"#{one}" for one in ids}


def test_a_judgement_has_a_page_too(home: Path, repo: Path, tmp_path: Path) -> None:
    patch = tmp_path / "p.diff"
    patch.write_text(PATCH)
    assert run(["judge", str(repo), "--patch", str(patch)], Script(judged=ENTRIES[0]).runners()) == 0
    assert run(["show", last_job(home), "--html", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text()
    assert "KEPT, 1.42x [1.36, 1.49]" in text
    assert "same behaviour" in text


def test_a_job_that_kept_nothing_and_one_without_a_report(
    home: Path, repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Script(entries=(rejected(1, Outcome.CHEATED, "a patched clock", "m:f"),))
    assert run(["optimize", str(repo)], script.runners()) == 0
    assert run(["show", last_job(home), "--html", str(tmp_path / "page.html")]) == 0
    assert "Nothing kept" in (tmp_path / "page.html").read_text()
    assert run(["show", last_job(home), "--html", str(tmp_path / "no/page.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_a_diff_keeps_its_lines_whatever_stands_in_them() -> None:
    before = b"def f():\r\n    '''a\x0c\x85\xe2\x80\xa8b'''\n    return 1"
    after = before.replace(b"return 1", b"return '</code>'")
    [file] = diff_of(make_patch({"m.py": before}, {"m.py": after}))
    [lines] = file.hunks
    kinds = [(line.kind, line.before, line.after, line.ends) for line in lines]
    assert kinds == [("same", 1, 1, True), ("same", 2, 2, True), ("del", 3, None, False), ("add", None, 3, False)]
    assert "".join(piece.text for piece in lines[3].pieces) == "    return '</code>'"
    assert {"k", "s1"} <= {piece.style for piece in lines[3].pieces}


def test_a_frame_is_as_wide_as_its_share_and_coloured_by_its_change() -> None:
    before, after = "m:main;m:slow 90\nm:main;m:quick 10\n", "m:main;m:slow 20\nm:main;m:quick 80\n"
    flame = flame_of(after, against=before)
    assert flame is not None
    frames = {frame.label: frame for frame in flame.frames}
    assert (frames["m:main"].width, frames["m:slow"].width, frames["m:slow"].x) == (1.0, 0.2, 0.8)
    assert (frames["m:slow"].colour, frames["m:quick"].colour, frames["m:main"].colour) == ("less3", "more3", "same")
    quicker = flame_of(
        "m:main;m:slow 20\nm:main;m:quick 80\n", against="m:main;m:slow 90\nm:main;m:quick 10\n", takes=0.1
    )
    assert quicker is not None
    assert {frame.label: frame.colour for frame in quicker.frames}["m:quick"] == "less1"
    assert flame_of("") is None


def test_the_band_ends_at_the_interval_that_is_reported() -> None:
    timed = next(one for one in evidence(ENTRIES[0].verdict.speedup) if isinstance(one, Timed))  # type: ignore[arg-type]
    sides = [
        {"windows": {"w": (s, s)}, "whole": (1.0, 1.0), "peak_memory_bytes": 1} for s in (0.06, 0.05, 0.051, 0.049)
    ]
    pairs = [{"seed": n, "before_first": n % 2 == 0, "before": sides[0], "after": sides[1 + n % 3]} for n in range(20)]
    found = MeasuredPart.model_validate(
        {"workload": "w", "clock": timed.clock, "alpha": 0.006, "level": 0.95, "samples": pairs}
    )
    chart = chart_of(found, 0.02)
    assert chart is not None
    last = chart.bands[-1]
    middle = [dot.y for dot in chart.dots]
    assert min(middle) <= last.y + last.height
    assert last.y <= max(middle)
    assert last.height < chart.bands[0].height
    assert len(chart.dots) == 20


@pytest.mark.skipif(CHROMIUM is None, reason="there is no browser here")
def test_a_browser_runs_nothing_of_the_targets(home: Path, repo: Path, tmp_path: Path) -> None:
    page(home, repo, (hostile(ENTRIES[0]), hostile(ENTRIES[1])))
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    dumped = subprocess.run(
        [*command, "--dump-dom", f"file://{home / 'page.html'}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    assert '<html lang="en" class="js">' in dumped  # our own script ran
    assert "owned" not in re.findall(r"<title>(.*?)</title>", dumped)[0].partition("&lt;")[0]
    assert "<img" not in dumped

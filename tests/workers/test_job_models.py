"""The models of a job: named by a command or the settings, reached in their own way, recorded where that is wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent.domain import Budget, Model
from agent.ledger import Ledger
from agent.models.endpoint import serving
from agent.models.failure import ModelFailed
from agent.models.gateway import Gateway
from agent.models.messages import Message, Request
from agent.models.player import Player
from agent.models.script import fault, read_script, say, write_script
from storage.memory import MemoryJournal
from tools.errors import UserError
from workers.models import make_chat, models_of, unplayed
from workers.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HASTEN_MODEL", "HASTEN_MODELS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def asking(model: str, text: str = "hello") -> Request:
    return Request(model=model, messages=(Message(role="user", text=text),))


def named(texts: list[str], settings: Settings) -> list[tuple[str, float]]:
    return [(model.name, model.weight) for model in models_of(settings, texts)]


def test_a_command_names_models_before_the_settings_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named([], read_settings()) == []
    monkeypatch.setenv("HASTEN_MODEL", "openai:gpt-5-mini@2, ollama:qwen3:8b")
    assert named([], read_settings()) == [("openai:gpt-5-mini", 2), ("ollama:qwen3:8b", 1)]
    assert named(["openai:gpt-5"], read_settings()) == [("openai:gpt-5", 1)]
    with pytest.raises(UserError, match="named twice; write openai:gpt-5@2"):
        named(["openai:gpt-5", "openai:gpt-5@3"], read_settings())


def test_ones_own_prices_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text('["openai:mine"]\nusd_per_mtok = { input = 1, output = 2 }\n')
    monkeypatch.setenv("HASTEN_MODELS", str(tmp_path / "models.toml"))
    [model] = models_of(read_settings(), ["openai:mine"])
    assert (model.input_usd_per_mtok, model.output_usd_per_mtok) == (1, 2)


def test_each_model_is_reached_in_its_own_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = write_script(tmp_path / "script.jsonl", [say("from the file"), say("never")])
    recording = tmp_path / "run.jsonl"
    with serving(Player([say("from the endpoint")], "the endpoint's script")) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        settings = read_settings()
        models = models_of(settings, [f"replay:{script}", "openai:local"])
        chat = make_chat(settings, models, recording)
        said = [chat.reply(asking(model.name), timeout_s=60).message.text for model in models]
    assert said == ["from the file", "from the endpoint"]
    assert [entry.reply.content for entry in read_script(recording) if entry.reply] == said
    [problem] = unplayed(chat)
    assert "entry 2 of 2 was never asked for" in problem


def test_a_job_that_goes_on_plays_and_records_from_where_it_stopped(tmp_path: Path) -> None:
    script = write_script(tmp_path / "script.jsonl", [fault(429), say("one"), say("two"), say("three")])
    recording, journal = tmp_path / "run.jsonl", MemoryJournal()
    model = Model(name=f"replay:{script}")

    def gateway(*, resume: bool) -> Gateway:
        chat = make_chat(read_settings(), [model], recording, journal=journal if resume else None)
        return Gateway(chat, [model], journal, Ledger(Budget()), round=1)

    first = gateway(resume=False)
    first.ask(asking(model.name, "1"), title="asked")
    first._chat.reply(asking(model.name, "2"), timeout_s=9)  # it is killed before this one is in its journal
    journal.attempt += 1
    resumed = gateway(resume=True)
    said = [resumed.ask(asking(model.name, text), title="asked").message.text for text in ("1", "2", "3")]
    assert said == ["one", "two", "three"]
    assert [entry.reply.content for entry in read_script(recording) if entry.reply] == ["one", "two", "three"]


def test_a_script_that_is_not_there_is_named_before_the_job_begins(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        make_chat(read_settings(), [Model(name=f"replay:{tmp_path}/none.jsonl")])


def test_keys_of_the_environment_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "abcdefgh-secret")
    echo = fault(400, {"error": {"message": "you sent abcdefgh-secret and topsecret"}})
    with serving(Player([echo], "the script")) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "topsecret")
        chat = make_chat(read_settings(), [Model(name="openai:local")])
        with pytest.raises(ModelFailed) as caught:
            chat.reply(asking("openai:local"), timeout_s=60)
    assert "you sent [hidden] and [hidden]" in str(caught.value)


def test_langchain_is_not_loaded_before_a_model_is_asked() -> None:
    script = "import sys, workers.wiring, api.cli.app; sys.exit(any('langchain' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0

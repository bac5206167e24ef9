"""A round that was killed is answered from the journal, for nothing, as long as it asks the same."""

from dataclasses import replace

import pytest
from served import NAME, asking, served

from agent.domain import Budget, Model
from agent.ledger import Ledger
from agent.models.failure import ModelFailed
from agent.models.gateway import Gateway, paid_for, worth
from agent.models.script import call, malformed, refuse, say, too_long
from storage.memory import MemoryJournal

MODEL = Model(name=NAME, input_usd_per_mtok=1.0, output_usd_per_mtok=1.0)


def test_a_resumed_round_is_answered_without_a_call() -> None:
    script = (
        say("a", call("view", path="x"), usage=(9, 9, 3)),
        say("", malformed("view", "{")),
        refuse("no"),
        too_long(9),
    )
    questions = [asking(text) for text in ("one", "two", "three", "four")]
    journal = MemoryJournal()
    with served(*script) as here:
        gateway = Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=3)
        first = [gateway.ask(question, title="asked") for question in questions]
        assert here.problem == ""
        journal.attempt += 1
        ledger = Ledger(Budget())
        resumed = Gateway(here.chat, [MODEL], journal, ledger, round=3)
        roomier = [replace(question, max_output_tokens=77) for question in questions]
        again = [resumed.ask(question, title="asked") for question in roomier]
    assert again == first
    assert (ledger.spend.model_calls, ledger.spend.tokens, ledger.spend.usd) == (0, 0, 0)
    assert paid_for(journal.steps()).model_calls == 4
    attempt = [step for step in journal.steps() if step.attempt == 1]
    assert worth(attempt) == worth(journal.steps()[:4])


def test_what_it_asks_otherwise_goes_to_the_model() -> None:
    journal = MemoryJournal()
    with served(say("one"), say("two"), say("new"), say("three")) as here:
        gateway = Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=1)
        for text in ("one", "two"):
            gateway.ask(asking(text), title="asked")
        resumed = Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=1)
        said = [resumed.ask(asking(text), title="asked").message.text for text in ("one", "another", "two", "three")]
    assert said == ["one", "new", "two", "three"]


def test_another_round_and_a_second_resume_know_nothing_of_it() -> None:
    journal = MemoryJournal()
    with served(say("one"), say("of round two")) as here:
        Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=1).ask(asking(), title="asked")
        other = Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=2).ask(asking(), title="asked")
        for _ in range(2):  # a reply that was repeated is not there twice
            resumed = Gateway(here.chat, [MODEL], journal, Ledger(Budget()), round=1)
            assert resumed.ask(asking(), title="asked").message.text == "one"
            with pytest.raises(ModelFailed, match="has run out"):
                resumed.ask(asking(), title="asked")
    assert other.message.text == "of round two"

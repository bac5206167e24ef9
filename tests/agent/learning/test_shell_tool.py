"""`shell` runs commands in the sandbox on a copy that is thrown away."""

import pytest
from stock import edited

from agent.models.messages import ToolCall
from agent.session.answers import Answerer
from agent.toolbox.shell import SHELL


def test_exit_code_output_and_the_code_as_it_stands(stock, use):
    desk = stock.desk(edited("return number", "return number + 1"))
    said = use(desk, "shell", command="python -c 'import stock; print(stock.unused(1))'; echo oops >&2; exit 3")
    assert said.startswith("Exit code 3 after ")
    assert "2\noops" in said


def test_changes_are_thrown_away(stock, use):
    desk = stock.desk()
    assert "new.txt" in use(desk, "shell", command="echo 1 > new.txt && echo broken > stock.py && ls")
    assert use(desk, "shell", command="ls new.txt; tail -1 stock.py").endswith("return number")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sleep 60", "Ended at its limit of 2 s"),
        ("yes", "it printed more than 512 KiB"),
        ("f() { f | f & }; f; sleep 30", "Cannot fork"),
        ("sleep 60 & echo done", "Exit code 0"),
        ("python -c 'import socket; socket.create_connection((\"1.1.1.1\", 80), 1)'", "Network is unreachable"),
    ],
)
def test_what_a_command_may_not(stock, use, command, said):
    assert said in use(stock.desk(), "shell", command=command, timeout_s=2)


def test_a_flood_is_cut_on_its_way_to_the_model(stock):
    desk = stock.desk()
    answerer = Answerer(tools=(SHELL,), desk=desk, journal=desk.kit.journal, round=1)
    (message,) = answerer.answer([ToolCall(id="1", name="shell", arguments='{"command": "yes"}')])
    assert len(message.text) < 13_000
    assert "characters are left out here" in message.text

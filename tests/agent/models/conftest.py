"""Models answer on this machine: no proxy and no key of the developer's takes part."""

import os

import pytest


@pytest.fixture(autouse=True)
def nobody_elses_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)

"""Models that tests of policies name."""

from agent.domain import Model

MODEL = Model(name="openai:small")

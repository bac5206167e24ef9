"""A message that cannot be acknowledged: its worker connects to the broker anew.

A worker takes the next message once it has acknowledged the last one. Celery logs an acknowledgement that failed and
goes on: the message counts as unanswered for ever, and the worker waits for a next one that it never asks for.
"""

from typing import Any

from celery.worker.request import Request


class Insisting(Request):
    """A task's message whose failed acknowledgement ends the connection; Celery then makes another one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Celery makes it, but that no error of the connection is passed over when it is acknowledged."""
        super().__init__(*args, **{**kwargs, "connection_errors": ()})

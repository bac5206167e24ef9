"""Errors, by who reacts to them.

HastenError
├── UserError            shown to the person who asked: what, where, what to do
├── InfrastructureError  the machine failed, not the request: retried when `retryable`
└── ToolError            shown to the model that called a tool

An expected outcome (tests failed, not faster) is a `Verdict`, never an exception.
"""


class HastenError(Exception):
    """Any error that Hasten raises on purpose."""


class UserError(HastenError):
    """The request cannot be met as asked; the message is one clear sentence with a way out.

    `status` is the HTTP status a service would answer with (400 bad request, 404 not found, 422 cannot be processed).
    `detail` holds the last lines of what failed, for display below the sentence.
    """

    def __init__(self, message: str, *, status: int = 400, detail: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.detail = detail


class InfrastructureError(HastenError):
    """The host let us down (no sandbox, disk full, a killed helper); a queue may try again when `retryable`."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class ToolError(HastenError):
    """A tool was called wrongly; the text is shown to the model so that it can mend the call."""

"""A model that gave no answer."""

from agent.models.messages import Usage
from tools.errors import UserError


class ModelFailed(UserError):
    """The model cannot be asked any more in this job: a dead endpoint, a wrong key, an unknown name.

    The message is one sentence that names the model, what its endpoint said and what to do. `usage` is what was
    counted all the same.
    """

    def __init__(self, message: str, *, status: int = 502, detail: str = "", usage: Usage | None = None) -> None:
        super().__init__(message, status=status, detail=detail)
        self.usage = usage or Usage()

"""One `Chat` for a job's models, each asked in its own way."""

from collections.abc import Mapping

from agent.models.messages import Chat, Reply, Request


class Router:
    """Sends each request to the chat of its model."""

    def __init__(self, chats: Mapping[str, Chat], otherwise: Chat) -> None:
        """`chats` by the models' names; `otherwise` is asked for all others."""
        self.chats = chats
        self._otherwise = otherwise

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """As the chat that is asked."""
        return self.chats.get(request.model, self._otherwise).reply(request, timeout_s=timeout_s)

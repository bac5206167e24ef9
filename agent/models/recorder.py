"""Writes down what a model is asked and answers, as a script that plays it again."""

from pathlib import Path

from agent.models.failure import ModelFailed
from agent.models.messages import Chat, Reply, Request
from agent.models.overflow import OVERFLOW
from agent.models.question import question_digest, turn_digests
from agent.models.script import Answer, Entry, Expect, Failure, answer_of, line_of, read_script, write_script
from tools.errors import UserError


class Recorder:
    """A `Chat` that asks another one and writes each answer to a file before it gives it on.

    A replay of the file answers the same questions with the same replies; only the time they took is not in it.
    """

    def __init__(self, chat: Chat, path: Path, *, kept: int | None = None) -> None:
        """`kept` is how many replies a resumed job has already: the file goes on after these.

        Raises UserError where the file is there before a new job begins, or cannot be written.
        """
        self.inner = chat
        self._path = path
        try:
            if kept is None or not path.exists():
                path.open("x").close()
            else:
                write_script(path, read_script(path)[:kept])
        except FileExistsError:
            raise UserError(f"{path} is there already; record into a new file", status=409) from None
        except OSError as error:
            raise UserError(f"{path} cannot be written: {error.strerror}") from error

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """As the chat that is recorded; how it fails is written down, too."""
        try:
            reply = self.inner.reply(request, timeout_s=timeout_s)
        except ModelFailed as error:
            self._write(request, Failure(status=403, body={"error": {"message": str(error)}}))
            raise
        if reply.finish == OVERFLOW:
            self._write(request, Failure(status=400, body={"error": {"message": reply.message.text}}))
        else:
            self._write(request, answer_of(reply))
        return reply

    def _write(self, request: Request, outcome: Answer | Failure) -> None:
        expect = Expect(digest=question_digest(request), turns=turn_digests(request))
        entry = Entry(
            expect=expect,
            reply=outcome if isinstance(outcome, Answer) else None,
            fault=outcome if isinstance(outcome, Failure) else None,
        )
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line_of(entry)}\n")

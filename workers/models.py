"""The models of a job: which ones were named, and who reaches them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from agent.domain import Model, StepKind
from agent.models.access import Access
from agent.models.catalogue import REPLAY, model_of, own_prices
from agent.models.chat import LangchainChat
from agent.models.messages import Chat
from agent.models.player import ScriptedChat, scripted
from agent.models.recorder import Recorder
from agent.models.router import Router
from agent.protocols import Journal
from storage.credentials import JobSecrets
from tools.errors import UserError
from workers.settings import Settings


def models_of(settings: Settings, texts: Sequence[str]) -> tuple[Model, ...]:
    """The models that a command names, or else the settings; empty where neither does.

    Raises UserError for one that is not understood, and for one that is named twice.
    """
    named = [text for text in (texts or (settings.model or "").split(",")) if text.strip()]
    own = own_prices(settings.models).models if settings.models else {}
    models = tuple(model_of(text, own) for text in named)
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"{name} is named twice; write {name}@2 where it is to be asked twice as often")
    return models


def make_chat(
    settings: Settings,
    models: Sequence[Model],
    record: Path | None = None,
    *,
    journal: Journal | None = None,
    tell: Callable[[str], None] | None = None,
    access: Access | None = None,
) -> Chat:
    """What reaches a job's models; `record` is a file that its replies are written to, as a script.

    `journal` is that of a job that goes on: scripts are played, and a recording is kept, from where it stopped.
    `tell` hears of long waits. `access` has a job's own keys; without it, this process's are used.
    """
    played = replies_in(journal) if journal is not None else {}
    scripts = {model.name: _script(model, played.get(model.name, 0)) for model in models if _is_scripted(model)}
    live = [model for model in models if not _is_scripted(model)]
    chat: Chat = Router(scripts, LangchainChat(live, access or access_of(settings), tell=tell))
    if record is None:
        return chat
    return Recorder(chat, record, kept=None if journal is None else sum(played.values()))


def replies_in(journal: Journal) -> Mapping[str, int]:
    """How often each model has answered, without those answers that were repeated from the journal."""
    counts: dict[str, int] = {}
    for step in journal.steps(StepKind.REPLY):
        if not step.data.get("repeated"):
            name = str(step.data["model"])
            counts[name] = counts.get(name, 0) + 1
    return counts


def access_of(settings: Settings, secrets: JobSecrets | None = None) -> Access:
    """The keys and addresses of this process, and before them those that a job brings.

    Where a job names an address of its own, this process's key is not told to it. Raises UserError for an address that
    is none.
    """
    others = settings.other_secrets()
    if secrets is None:
        return Access(openai_key=settings.openai_api_key, openai_base_url=settings.openai_base_url, others=others)
    address, key = secrets.urls.get("openai"), secrets.models.get("openai")
    own = address is None and key is None
    return Access(
        openai_key=settings.openai_api_key if own else key,
        openai_base_url=address or settings.openai_base_url,
        others=(*others, *secrets.values(), *((settings.openai_api_key,) if settings.openai_api_key else ())),
        keys={provider: value for provider, value in secrets.models.items() if provider != "openai"},
        guarded=address is not None,
    )


def unplayed(chat: Chat | None) -> Iterable[str]:
    """Of scripted models: how their scripts were not played as they stand, a sentence each."""
    while isinstance(chat, Recorder):
        chat = chat.inner
    if isinstance(chat, Router):
        for one in chat.chats.values():
            if isinstance(one, ScriptedChat) and (problem := one.player.problem()):
                yield problem


def _is_scripted(model: Model) -> bool:
    return model.name.startswith(f"{REPLAY}:")


def _script(model: Model, played: int) -> ScriptedChat:
    chat = scripted(Path(model.name.partition(":")[2]).expanduser())
    chat.player.skip(played)
    return chat

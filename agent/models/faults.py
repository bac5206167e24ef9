"""What went wrong with one try: whether to try again, and the one sentence for a person where that is no use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from agent.models.access import Access
from agent.models.overflow import is_overflow

MOST_TRIES = 6
"""Of one request, before its model counts as dead."""
MOST_CHARACTERS = 300
"""Of an endpoint's own words."""
AGAIN_STATUSES = {408, 425, 429}
NO_CREDIT = re.compile(r"insufficient_quota|exceeded your current quota|credit balance|billing|payment", re.IGNORECASE)
KEY_VARIABLES: Mapping[str, str] = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google_genai": "GOOGLE_API_KEY",
    "azure_openai": "AZURE_OPENAI_API_KEY",
    "mistralai": "MISTRAL_API_KEY",
    "groq": "GROQ_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "xai": "XAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "together": "TOGETHER_API_KEY",
    "fireworks": "FIREWORKS_API_KEY",
}


ADDRESS_VARIABLES: Mapping[str, str] = {"openai": "OPENAI_BASE_URL", "ollama": "OLLAMA_HOST"}
"""Where a server of one's own is named."""


class Kind(StrEnum):
    """What a failed try means for the next one."""

    AGAIN = "again"
    """The same request may succeed a little later."""
    OVERFLOW = "overflow"
    """The conversation is too long."""
    DEAD = "dead"
    """No try will ever succeed."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One failed try, as its endpoint told it."""

    kind: Kind
    words: str
    """The endpoint's own, or the network's; nothing secret in them."""
    status: int | None = None
    """Of HTTP; None where no answer came."""
    after_s: float | None = None
    """How long the endpoint asks to be left alone."""
    reached: bool = True
    """Something answered at the address."""
    paid: bool = False
    """The model read the request, as far as one can know."""
    asked: bool = True
    """Its endpoint was asked at all: a client could be made."""


def kind_of(status: int | None, words: str) -> Kind:
    """What an endpoint's answer that is no reply means."""
    if is_overflow(status, words):
        return Kind.OVERFLOW
    if status == 429 and NO_CREDIT.search(words):
        return Kind.DEAD
    if status is None or status in AGAIN_STATUSES or status >= 500 or status < 400:
        return Kind.AGAIN
    return Kind.DEAD


def after_s_of(headers: Mapping[str, str]) -> float | None:
    """What `retry-after-ms` or `retry-after` ask for, the latter in seconds or as a date."""
    told = {name.lower(): value for name, value in headers.items()}
    try:
        if "retry-after-ms" in told:
            return max(0.0, float(told["retry-after-ms"]) / 1000)
        if "retry-after" not in told:
            return None
        if re.fullmatch(r"\d+(\.\d*)?", told["retry-after"].strip()):
            return float(told["retry-after"])
        return max(0.0, (parsedate_to_datetime(told["retry-after"]) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def words_in(body: Mapping[str, object]) -> str:
    """What an endpoint's error says, in the forms that endpoints give it; empty where it says nothing."""
    error = body.get("error", body)
    if not isinstance(error, Mapping):
        return str(error or "")
    message, code = str(error.get("message") or ""), error.get("code")
    return f"{message} [{code}]" if message and isinstance(code, str) and code not in message else message


def short(words: str, access: Access) -> str:
    """An endpoint's words on one line, not too many of them, without secrets."""
    line = access.hide(" ".join(words.split()))
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}..."


def sentence(model: str, fault: Fault, access: Access, *, tries: int = 1, within_s: float | None = None) -> str:
    """What happened and what to do, in one sentence that names the model."""
    provider = model.partition(":")[0]
    host = access.openai_host if provider == "openai" else ""
    who = f"{model} at {host}" if host else model
    own = bool(host) or provider == "ollama"
    said = f"{fault.status}: {fault.words}" if fault.status else fault.words
    many = f" after {tries} tries" if tries > 1 else ""
    return f"{who} {'; '.join(_parts(provider, fault, said, many, within_s, own=own))}"


def _parts(provider: str, fault: Fault, said: str, many: str, within_s: float | None, *, own: bool) -> Iterator[str]:
    key = KEY_VARIABLES.get(provider, "its provider's key variable")
    if not fault.asked:
        yield f"cannot be used ({said})"
        yield f"set {key} and check the name, which is PROVIDER:NAME as langchain knows it"
    elif within_s is not None:
        yield f"gave no answer within {within_s:g} s{many} ({said})"
        yield "look after its server, or give the job more time"
    elif not fault.reached:
        yield f"cannot be reached{many} ({said})"
        address = ADDRESS_VARIABLES.get(provider, "")
        yield f"start its server, or set {address} to where it is" if own else "check the network and try again"
    elif fault.status == 401:
        yield f"does not accept the key ({said})"
        yield f"set {key} to one that is valid there"
    elif fault.status in {402, 429} and NO_CREDIT.search(fault.words):
        yield f"has no credit left for this key ({said})"
        yield "check the plan and the bills of its account"
    elif fault.status == 403:
        yield f"is not allowed for this key ({said})"
        yield f"use a key in {key} that may ask this model"
    elif fault.status == 404:
        yield f"is not there ({said})"
        yield "check the model's name" + (f", and that {ADDRESS_VARIABLES[provider]} is where its API begins" * own)
    elif fault.status == 409:
        yield f"has no answer to it ({said})"
        yield "a scripted model answers nothing but what its script expects"
    elif fault.kind is Kind.AGAIN:
        yield f"gave no usable answer{many} ({said})"
        yield "go on with the job when it does"
    else:
        yield f"refused the request ({said})"
        yield "check that this model can call tools and takes such a request"

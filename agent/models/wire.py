"""What a conversation becomes on its way to a provider, and back: every text and call in a form that all of them take.

Some servers refuse an assistant's empty turn, arguments that are not JSON, or a tool's name with a blank in it, though
a model wrote them. Something that stands for them travels in their place, and `read_*` give back what was meant.
"""

import json
import re

NOT_JSON = "not_json"
"""The only key of arguments that stand for a text that is no JSON object."""
NOTHING_SAID = "(nothing was said)"
MOST_NAME_CHARACTERS = 64


def clean(text: str) -> str:
    """Text without halves of surrogate pairs, which no JSON over UTF-8 can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def tidy(arguments: str) -> str:
    """A call's arguments as one JSON object in its usual form, or as they came where they are none."""
    try:
        found = json.loads(arguments or "{}", strict=False)  # line breaks inside texts are understood
    except (ValueError, RecursionError):
        return clean(arguments)
    return clean(json.dumps(found, ensure_ascii=False)) if isinstance(found, dict) else clean(arguments)


def sent_arguments(arguments: str) -> dict[str, object]:
    """Arguments as a provider is sent them: always an object."""
    try:
        found = json.loads(tidy(arguments))
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {NOT_JSON: clean(arguments)}


def read_arguments(sent: str) -> str:
    """What `sent_arguments` was given, from the JSON that was sent."""
    text = tidy(sent)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(found, dict) and list(found) == [NOT_JSON]:
        return str(found[NOT_JSON])
    return text


def sent_name(name: str) -> str:
    """A tool's name as a provider is sent it."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", name)[:MOST_NAME_CHARACTERS] or "_"


def sent_text(text: str, *, alone: bool) -> str:
    """An assistant's text as a provider is sent it; `alone` where no call stands beside it."""
    return NOTHING_SAID if alone and not text.strip() else clean(text)


def read_text(sent: str) -> str:
    """What an assistant's text was before it was sent."""
    return "" if sent == NOTHING_SAID else sent

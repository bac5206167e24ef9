"""Sends what webhooks are to be told: signed, to a checked address, each within a fixed time, several at once."""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from storage.sending import Outgoing
from storage.store import Store
from storage.webhooks import SECRET_PREFIX
from tools.errors import HastenError
from tools.network.outgoing import post
from workers.settings import Settings

AT_ONCE = 8
LIMIT = 64
"""At most so many in one go: all of them within the time for which they are taken, also where each one hangs."""
WHOLE_S = 10.0

_log = logging.getLogger(__name__)


def deliver_due(store: Store, settings: Settings, limit: int = LIMIT) -> int:
    """Send messages that are due; how many were tried. Any number of processes may do so at once."""
    due = store.sending.take(limit)
    if due:
        with ThreadPoolExecutor(min(AT_ONCE, len(due)), "webhook") as pool:
            list(pool.map(lambda outgoing: _deliver(outgoing, store, settings), due))
    return len(due)


def signature(secret: str, message_id: str, sent_s: int, body: bytes) -> str:
    """HMAC-SHA256 of a message, as Standard Webhooks has it in its header."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{sent_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _deliver(outgoing: Outgoing, store: Store, settings: Settings) -> None:
    body = outgoing.body.encode()
    status = None
    try:
        headers = _headers(outgoing, store.sending.secret(outgoing), body)
        answer = post(outgoing.url, body, headers, private=settings.allow_local_webhooks, whole_s=WHOLE_S, most_bytes=0)
        status = answer.status
        detail = f"answered {status}"
    except HastenError as error:
        detail = str(error)
    except Exception:  # noqa: BLE001 - whatever it was, the others go out, and this one is tried again
        _log.exception("a message to webhook %s could not be sent", outgoing.webhook)
        detail = "could not be sent"
    if status is not None and 200 <= status < 300:
        store.sending.delivered(outgoing, detail)
    else:
        _log.info("a message to webhook %s failed: %s", outgoing.webhook, detail)
        store.sending.failed(outgoing, detail, status)


def _headers(outgoing: Outgoing, secret: str, body: bytes) -> Mapping[str, str]:
    sent_s = int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Hasten-Webhooks",
        "webhook-id": outgoing.id,
        "webhook-timestamp": str(sent_s),
        "webhook-signature": signature(secret, outgoing.id, sent_s, body),
    }

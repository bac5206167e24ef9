"""`/v1/webhooks`: where a tenant is told of its jobs, and how that went."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from api.rest.auth import Admin
from api.rest.pages import CursorText, Limit, answer, cursor_from_text, cursor_to_text
from api.rest.paths import ID
from api.rest.service import Held
from api.rest.shown import Shown
from api.rest.strict import Strict
from storage.outbox import Event
from storage.webhooks import Delivery, Webhook
from tools.errors import UserError
from tools.network.address import check_url

MOST_URL_CHARACTERS = 2000

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

WebhookId = Annotated[str, Path(pattern=f"^{ID}$", description="The webhook's id.", examples=["9d1c2b3a4f5e6d7c"])]
DeliveryId = Annotated[
    str, Path(pattern="^msg_[0-9a-f]{24}$", description="The `webhook-id` that the message was sent with.")
]


class NewWebhook(Strict):
    """Where to tell of the tenant's jobs, and of what."""

    url: str = Field(
        min_length=1,
        max_length=MOST_URL_CHARACTERS,
        description="An https URL of a public host, without user name or port.",
        examples=["https://ci.example.org/hasten"],
    )
    events: list[Event] = Field(
        default=list(Event), min_length=1, max_length=len(Event), description="All of them where none is named."
    )


class WebhookShown(Shown):
    """A webhook; its secret is told once, when it is made."""

    id: str
    url: str
    events: list[str]
    active: bool = Field(description="False where its receiver answered 410 Gone; a test switches it on again.")
    created: datetime


class WebhookMade(WebhookShown):
    """A webhook that was just made."""

    secret: str = Field(description="Signs its messages. Keep it: it is not told again.")


class WebhookPage(Shown):
    """All webhooks of the tenant, the oldest first."""

    items: list[WebhookShown]
    next: str | None = Field(description="Always null: they fit on one page.")


class DeliveryShown(Shown):
    """One message, and how far it came."""

    id: str = Field(description="The `webhook-id` that it is sent with.")
    event: str
    body: str = Field(description="What is sent, as it is signed.")
    created: datetime
    attempts: int = Field(description="How often it was tried.")
    due: datetime | None = Field(description="When it is tried next; null once it was delivered or given up.")
    delivered: datetime | None
    detail: str = Field(description="How the last try ended.")


class DeliveryPage(Shown):
    """A page of messages, the newest first."""

    items: list[DeliveryShown]
    next: str | None = Field(description="The `cursor` of the next page; null after the last.")


@router.post("", status_code=201, response_model=WebhookMade)
def make_webhook(asked: NewWebhook, caller: Admin, service: Held) -> Response:
    """Make a webhook. The answer has its secret, which is told this once."""
    try:
        check_url(asked.url, "The URL", private=service.settings.allow_local_webhooks)
    except UserError as error:
        raise UserError(str(error), status=422) from error
    made, secret = service.store.webhooks.make(caller.tenant, asked.url, asked.events)
    shown = WebhookMade(**_shown(made), secret=secret)
    return answer(shown, 201, {"Location": f"/v1/webhooks/{made.id}", "Cache-Control": "no-store"})


@router.get("", response_model=WebhookPage)
def list_webhooks(caller: Admin, service: Held) -> Response:
    """List the tenant's webhooks."""
    found = service.store.webhooks.list(caller.tenant)
    return answer(WebhookPage(items=[WebhookShown(**_shown(one)) for one in found], next=None))


@router.get("/{webhook_id:id}", response_model=WebhookShown)
def look_at_webhook(webhook_id: WebhookId, caller: Admin, service: Held) -> Response:
    """Look at one webhook."""
    return answer(WebhookShown(**_shown(service.store.webhooks.get(caller.tenant, webhook_id))))


@router.delete("/{webhook_id:id}", status_code=204)
def delete_webhook(webhook_id: WebhookId, caller: Admin, service: Held) -> Response:
    """Delete a webhook with its messages; what is being sent at this moment may still arrive."""
    service.store.webhooks.delete(caller.tenant, webhook_id)
    return Response(status_code=204)


@router.post("/{webhook_id:id}:test", status_code=202, response_model=DeliveryShown)
def test_webhook(webhook_id: WebhookId, caller: Admin, service: Held) -> Response:
    """Have a `webhook.test` sent; its delivery shows how that went."""
    return answer(_delivery(service.store.webhooks.test(caller.tenant, webhook_id)), 202)


@router.get("/{webhook_id:id}/deliveries", response_model=DeliveryPage)
def list_deliveries(
    webhook_id: WebhookId, caller: Admin, service: Held, limit: Limit = 50, cursor: CursorText = None
) -> Response:
    """List what was sent to a webhook, or is to be, the newest first."""
    found, following = service.store.webhooks.deliveries(caller.tenant, webhook_id, limit, cursor_from_text(cursor))
    return answer(DeliveryPage(items=[_delivery(one) for one in found], next=cursor_to_text(following)))


@router.post("/{webhook_id:id}/deliveries/{delivery_id}:redeliver", status_code=202, response_model=DeliveryShown)
def redeliver(webhook_id: WebhookId, delivery_id: DeliveryId, caller: Admin, service: Held) -> Response:
    """Have a message sent again, whatever became of it, under the id that it had."""
    return answer(_delivery(service.store.webhooks.redeliver(caller.tenant, webhook_id, delivery_id)), 202)


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in WebhookShown.model_fields}


def _delivery(delivery: Delivery) -> DeliveryShown:
    return DeliveryShown(**{name: getattr(delivery, name) for name in DeliveryShown.model_fields})

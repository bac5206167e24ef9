"""Whose key pays for a job's models: another tenant's use of the service's own is counted at the service's prices."""

from collections.abc import Collection, Sequence

from agent.domain import Model
from agent.models.catalogue import REPLAY, model_of, own_prices
from storage.tenants import MAIN
from tools.errors import UserError
from workers.models import models_of
from workers.settings import Settings


def check_paid(settings: Settings, tenant: str, models: Sequence[Model], brought: Collection[str]) -> None:
    """Raises UserError where the service would pay for more than the tenant's dollars count.

    `brought` are the providers that the job or its tenant has a key or an address for. The administrator's own tenant
    may ask what it likes.
    """
    if tenant == MAIN:
        return
    named = {model.name: model for model in models_of(settings, ())}
    own = own_prices(settings.models).models if settings.models else {}
    for model in models:
        provider = model.name.partition(":")[0]
        if provider in brought or provider == REPLAY:
            continue
        ours = named.get(model.name) or model_of(model.name, own)
        if ours.input_usd_per_mtok is None and model.name not in named:
            raise UserError(
                f"models: nobody here has said what {model.name} costs, and this service's own key would pay; give a "
                f"key of yours as the credential model:{provider}, or ask for another model",
                status=422,
            )
        if any(mine < theirs for mine, theirs in zip(_prices(model), _prices(ours), strict=True)):
            raise UserError(
                f"models: {model.name} costs more here than you say, and this service's own key would pay; leave its "
                f"price out, or give a key of yours as the credential model:{provider}",
                status=422,
            )


def _prices(model: Model) -> tuple[float, float, float]:
    """Dollars per million tokens read, written and read again; 0 where they are not known."""
    read, written, again = model.input_usd_per_mtok, model.output_usd_per_mtok, model.cached_usd_per_mtok
    return read or 0.0, written or 0.0, (read if again is None else again) or 0.0

"""Every hour deliveries that have been over for thirty days are forgotten."""

from datetime import timedelta
from functools import partial

from parvis import clock
from parvis.chores import Chore
from parvis.db import transaction
from parvis.requests.host import Host
from parvis_api_webhooks.tables import WebhookDelivery
from parvis_sdk.text import Text

TITLE = Text(fr="Suppression des anciennes livraisons de webhooks", en="Removal of old deliveries of webhooks")
KEPT = timedelta(days=30)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is."""
    work = partial(forget, host)
    return (Chore(name="webhook_deliveries", every=timedelta(hours=1), work=work, title=TITLE, also_off=True),)


async def forget(host: Host) -> int:
    """How many were forgotten; what still waits is kept however old it is."""
    over = WebhookDelivery.state.is_in(["done", "dead", "skipped"]) & (WebhookDelivery.made_at < clock.now() - KEPT)
    async with transaction(host.engine):
        rows = await WebhookDelivery.delete().where(over).returning(WebhookDelivery.key)
    return len(rows)

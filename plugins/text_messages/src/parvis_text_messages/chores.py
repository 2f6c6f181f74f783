"""Every minute one of the workers puts where it belongs what waits for photos, for parts, or for a second try."""

from datetime import timedelta
from functools import partial

import structlog

from parvis import clock
from parvis.chores import Chore
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.plugins.trying import Failure, caught
from parvis.requests.attached.attachments import kept_waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.host import Host
from parvis_sdk.text import Text
from parvis_text_messages.filing import EMPTY, PART_COMES_WITHIN, join, land
from parvis_text_messages.media import fetch_media, give_up_media
from parvis_text_messages.personal import holder_of
from parvis_text_messages.statuses import look_again
from parvis_text_messages.tables import IncomingText

TITLE = Text(fr="Réception des textos", en="Receiving text messages")
PHOTOS_WITHIN = timedelta(hours=2)
ASIDE_FOR = timedelta(days=30)
log = structlog.get_logger("parvis_text_messages")


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is."""
    return (Chore(name="texts", every=timedelta(minutes=1), work=partial(go_on, host), title=TITLE),)


async def go_on(host: Host) -> int:
    """Put what waits where it belongs; how many. One that cannot be put anywhere holds up no other."""
    await _join_late(host)
    rows = (
        await IncomingText.select(IncomingText.id, IncomingText.received_at)
        .where((IncomingText.state == "arrived") & (IncomingText.part_of == 0))
        .order_by(IncomingText.id)
        .limit(100)
    )
    landed = 0
    for row in rows:
        tried = await caught(partial(_go_on, host, row))
        if isinstance(tried, Failure):
            log.warning("a text message waits", id=str(row["id"]), trouble=str(tried))
        landed += not isinstance(tried, Failure)
    await look_again(host)
    await _empty_aside(host)
    return landed


async def _go_on(host: Host, row: Row) -> None:
    fetched = await caught(partial(fetch_media, host, row["id"]))
    if isinstance(fetched, Failure):
        if row["received_at"] > clock.now() - PHOTOS_WITHIN:
            return
        await give_up_media(host, row["id"], str(fetched))
    await land(host, row["id"])


async def _join_late(host: Host) -> None:
    """Join what is whole, and what will never be."""
    waits = (IncomingText.state == "arrived") & (IncomingText.part_of > 0)
    late = clock.now() - PART_COMES_WITHIN
    groups: dict[str, bool] = {}
    for row in await IncomingText.select(IncomingText.part_group, IncomingText.received_at).where(waits).limit(500):
        groups[row["part_group"]] = groups.get(row["part_group"], False) or row["received_at"] < late
    for group, is_late in groups.items():
        await join(host, group, whole=not is_late)


async def _empty_aside(host: Host) -> None:
    """What nobody asked for within thirty days loses its words."""
    old = (IncomingText.state == "aside") & (IncomingText.received_at < clock.now() - ASIDE_FOR)
    for row in await IncomingText.select(IncomingText.id, IncomingText.key).where(old).limit(200):
        gone: Row = {**EMPTY, IncomingText.state: "dropped", IncomingText.settled_at: clock.now()}
        async with transaction(host.engine):
            await IncomingText.update(gone).where((IncomingText.id == row["id"]) & (IncomingText.state == "aside"))
        for kept in await kept_waiting(holder_of(row["key"])):
            await discard(host, holder_of(row["key"]), kept.attachment.id)

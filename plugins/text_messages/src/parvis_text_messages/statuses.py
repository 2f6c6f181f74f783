"""What the gateway says of a message of ours: seen on its delivery; what did not arrive is told by the next way."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, Row
from parvis.identifiers import EPOCH, new_id
from parvis.outbox.deliveries import CHANNEL
from parvis.requests.changing import NoSuchRequest
from parvis.requests.contacts import contact_of
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.requests.work.undelivered import returned_within
from parvis_sdk.cleaning import clean
from parvis_sdk.contact_methods import TEXT_MESSAGE
from parvis_text_messages.placing import lane_to
from parvis_text_messages.providers import Status, StatusReport, provider_of
from parvis_text_messages.settings import Settings
from parvis_text_messages.stops import stop
from parvis_text_messages.tables import TextStatus

FOUND_WITHIN = timedelta(days=3)  # a message that went out before that is not looked for
LOOKED_FOR = timedelta(hours=1)  # a report may come before what it is about is written down
KEPT_FOR = timedelta(days=90)
FINAL = ("delivered", "failed")
THEIRS = f"{CHANNEL}{TEXT_MESSAGE.name}"


class TextStanding(Struct, frozen=True, kw_only=True):
    """What is known of a message of ours."""

    status: Status
    reason: str
    at: datetime


async def take_status(host: Host, report: StatusReport) -> bool:
    """Keep what became of a message and tell its person by the next way where it failed; once, in one go.

    What comes late changes nothing of a message that has arrived, or failed. Whether its delivery is known.
    """
    delivery = await _delivery_of(report)
    reason = clean(" ".join(part for part in (report.code, report.reason) if part)).strip()[:300]
    async with transaction(host.engine):
        row = TextStatus(id=new_id(), gateway_id=report.id, status="", at=clock.now())
        await TextStatus.insert(row).on_conflict(target=TextStatus.gateway_id, action="DO NOTHING")
        changed: Row = {
            TextStatus.status: report.status,
            TextStatus.reason: reason,
            TextStatus.delivery: delivery["id"] if delivery else None,
            TextStatus.at: clock.now(),
        }
        open_still = (TextStatus.gateway_id == report.id) & TextStatus.status.not_in(list(FINAL))
        is_news = bool(await TextStatus.update(changed).where(open_still).returning(TextStatus.id))
        if is_news and delivery and report.status == "failed":
            await _failed(host, delivery, report, reason)
    return delivery is not None


async def look_again(host: Host) -> int:
    """Find the messages of failures told before their delivery was written down; how many. What is old goes."""
    now = clock.now()
    lost = (TextStatus.delivery.is_null()) & (TextStatus.status == "failed") & (TextStatus.at > now - LOOKED_FOR)
    found = 0
    for row in await TextStatus.select().where(lost).limit(100):
        report = StatusReport(id=row["gateway_id"], status="failed", reason=row["reason"])
        delivery = await _delivery_of(report)
        if delivery is None:
            continue
        async with transaction(host.engine):
            mine = (TextStatus.id == row["id"]) & TextStatus.delivery.is_null()
            known: Row = {TextStatus.delivery: delivery["id"]}
            if await TextStatus.update(known).where(mine).returning(TextStatus.id):
                await _failed(host, delivery, report, row["reason"])
                found += 1
    async with transaction(host.engine):
        await TextStatus.delete().where(TextStatus.at < now - KEPT_FOR)
    return found


async def standing_of(delivery: UUID) -> TextStanding | None:
    """What the gateway last said of this message."""
    row = (
        await TextStatus.select()
        .where(TextStatus.delivery == delivery)
        .order_by(TextStatus.at, ascending=False)
        .first()
    )
    return TextStanding(status=row["status"], reason=row["reason"], at=row["at"]) if row else None


async def _delivery_of(report: StatusReport) -> Row | None:
    """The message that a report is about: by our own id, else by the gateway's among those of the last days."""
    columns = (Delivery.id, Delivery.request, Delivery.reference, Delivery.lane)
    if report.delivery:
        try:
            given = UUID(report.delivery)
        except ValueError:
            return None
        return await Delivery.select(*columns).where((Delivery.id == given) & (Delivery.subscriber == THEIRS)).first()
    since = _first_id(clock.now() - FOUND_WITHIN)
    theirs = (Delivery.id > since) & (Delivery.subscriber == THEIRS) & (Delivery.external_reference == report.id)
    return await Delivery.select(*columns).where(theirs).first()


def _first_id(at: datetime) -> UUID:
    """Before every id of ours that was made from then on."""
    return UUID(int=(at - EPOCH) // timedelta(milliseconds=1) << 80)


async def _failed(host: Host, delivery: Row, report: StatusReport, reason: str) -> None:
    """Inside a transaction: the request says so, and its person is told by the next way."""
    record = await find(host, delivery["reference"]) if delivery["reference"] else None
    person = await contact_of(record) if record is not None else None
    if record is None or person is None or not person.phone or lane_to(person.phone) != delivery["lane"]:
        return  # it went to somebody else, or to a number that they have left
    if report.code in provider_of(host.of(Settings)).stopped:
        await stop(person.phone)
    try:
        await returned_within(
            host,
            record.reference,
            to=person.phone,
            of_the_address=False,
            status=report.code,
            said=reason,
            messages=[delivery["id"]],
            by=TEXT_MESSAGE,
        )
    except NoSuchRequest:
        return

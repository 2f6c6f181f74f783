"""What becomes of a delivery that failed: when it is tried again, who else must wait, and what the operator reads."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from parvis import clock
from parvis.db import unit
from parvis.house.trouble import Trouble
from parvis.house.trying import Failure
from parvis.outbox import Claimed, circuits, deliveries
from parvis.outbox.patience import OUTSIDE, OWN_FAULT, Patience, next_try
from parvis.outbox.pausing import pause_if_it_lasts
from parvis.requests.changing import Write
from parvis.requests.heart import Heart
from parvis.requests.records import locked
from parvis.requests.work.returned import mail_returned_within
from parvis.worker.handing_over import Receiver, message_in

PATIENCE: dict[str, Patience] = {"later": OUTSIDE, "hung": OUTSIDE, "broken": OWN_FAULT, "database": OUTSIDE}
NOW_WHAT = {
    "later": "nothing, unless it lasts: look whether that system is up",
    "hung": "nothing, unless it lasts: look whether that system is up, or give the call a time limit of its own",
    "broken": "tell the author of the plugin",
    "database": "look whether the database is up",
}
PARKED = str(
    Trouble(
        who="{who}",
        where="outbox",
        what="no installed plugin has a subscription or a channel of this name",
        so_what="the delivery waits for it",
        now_what="install the plugin again, or skip the delivery with a reason",
    )
)


class Verdict(Struct, frozen=True, kw_only=True):
    """When the delivery is tried again, None being never, and what the operator reads."""

    again: datetime | None
    trouble: Trouble


def judge(claimed: Claimed, receiver: Receiver, failure: Failure, *, luck: float) -> Verdict:
    """What follows from a failure."""
    again = None
    if failure.kind != "refused":
        patience = PATIENCE[failure.kind]
        again = next_try(
            claimed.attempts, now=clock.now(), luck=luck, retry_after=failure.retry_after, patience=patience
        )
    return Verdict(again=again, trouble=_trouble(claimed, receiver, failure, again))


def worn_out(claimed: Claimed) -> Failure | None:
    """The end of a delivery that was claimed again and again without an answer: each time the worker ended first."""
    if claimed.attempts <= OUTSIDE.tries:
        return None
    return Failure(kind="broken", what="the worker that held it ended before it answered, too many times")


async def write(heart: Heart, claimed: Claimed, failure: Failure, verdict: Verdict, also: Sequence[Write] = ()) -> None:
    """Write the verdict and what it means for the subscriber's circuit; `also` goes with it."""
    trouble, lost = str(verdict.trouble), failure.not_reached if claimed.channel == "email" else None
    async with unit(heart.engine):
        # The request first, as everybody locks it; then what belongs to it.
        record = await locked(heart, claimed.reference) if lost and claimed.reference else None
        if verdict.again is None:
            ours = await deliveries.die(claimed, trouble)
        else:
            ours = await deliveries.postpone(claimed, verdict.again, trouble)
        if not ours:
            return
        for one in also:
            await one()
        if lost and record is not None and record.erased_at is None:
            await mail_returned_within(
                heart,
                record.reference,
                to=message_in(claimed).to,
                of_the_address=lost.for_good,
                status=lost.status,
                said=lost.said,
            )
        if failure.kind == "database":
            return  # ours, not the subscriber's
        if failure.kind == "refused" or failure.only_this:
            await circuits.succeeded([claimed.subscriber])  # it answered, so it is not away
        else:
            since = await circuits.failed(heart.engine, claimed.subscriber, trouble, is_probe=claimed.is_probe)
            if claimed.connector:
                await pause_if_it_lasts(heart.engine, claimed.connector, since, heart.clients.outgoing.pause_days)


def _trouble(claimed: Claimed, receiver: Receiver, failure: Failure, again: datetime | None) -> Trouble:
    where = " · ".join(part for part in (f"{claimed.subscriber} on {claimed.reference}", failure.where) if part)
    if failure.kind == "refused":
        so_what, now_what = "it is not tried again", "correct what was refused and revive the delivery, or skip it"
    elif again is None:
        so_what = f"given up after {claimed.attempts} tries"
        now_what = f"{NOW_WHAT[failure.kind].removeprefix('nothing, unless it lasts: ')}, then revive the delivery"
    else:
        so_what = f"tried again after {again:%Y-%m-%d %H:%M:%S} UTC ({claimed.attempts} so far)"
        now_what = NOW_WHAT[failure.kind]
    return Trouble(
        who=str(receiver.origin),
        where=where,
        what=failure.what,
        so_what=so_what,
        now_what=now_what,
        plugin=receiver.origin.name,
    )

"""Comparing what we hold with what another system holds of a period, and mending a difference on demand."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from parvis.connectors.arrivals import take
from parvis.connectors.asking import asked
from parvis.db import unit
from parvis.house.trying import Failure
from parvis.outbox import deliveries
from parvis.requests.heart import Heart
from parvis.requests.records import find
from parvis.requests.settle import was_taken
from parvis_sdk.connectors import Connector, Listed, Theirs
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text

Kind = Literal["missing_there", "unknown_here", "behind_here"]
NOT_LISTED = Text(
    fr="ce connecteur ne peut pas dire ce que contient son système",
    en="this connector cannot say what its system holds",
)
MARGIN = timedelta(hours=1)  # between their clock and ours, at both ends of the period


class Difference(Struct, frozen=True, kw_only=True):
    """One difference: what we sent is not there, what they hold is not known here, or their news did not arrive."""

    kind: Kind
    reference: str
    external_reference: str
    update: Update | None = None

    @property
    def can_mend(self) -> bool:
        """Whether it can be mended from here: something of theirs that names no request of ours cannot."""
        return self.kind != "unknown_here" or bool(self.reference)


async def compare(
    heart: Heart, connector: Connector, since: datetime, until: datetime
) -> tuple[Difference, ...] | Failure:
    """The differences of a period, those that are missing there first."""
    if connector.listed is None:
        return Failure(kind="refused", what=NOT_LISTED)
    listed: Listed = connector.listed
    told = await asked(
        heart, connector, "compare", lambda connection: listed(connection, since - MARGIN, until + MARGIN)
    )
    if isinstance(told, Failure):
        return told
    theirs = {each.external_reference: each for each in told.value}
    ours = await _ours(heart, connector, since, until)
    missing = [
        Difference(kind="missing_there", reference=reference, external_reference=number)
        for reference, number in ours.items()
        if number not in theirs
    ]
    known = {number: reference for reference, number in ours.items()}
    others = [each for one in theirs.values() if (each := await _difference(heart, connector, one, known)) is not None]
    return (*missing, *sorted(others, key=lambda each: (each.kind, each.external_reference)))


async def _ours(heart: Heart, connector: Connector, since: datetime, until: datetime) -> dict[str, str]:
    """What they made or changed for us within the period, with their number for it."""
    ours = {}
    for reference in await deliveries.delivered_to(connector.name, since, until):
        record = await find(heart, reference)
        # Of what goes on with another one its order, case or feature is that one's now, or none.
        if record is not None and record.erased_at is None and record.merged_into is None:
            ours[reference] = record.external_references.get(connector.name, "")
    return ours


async def _difference(heart: Heart, connector: Connector, one: Theirs, known: dict[str, str]) -> Difference | None:
    reference = known.get(one.external_reference, "")
    if not reference and one.reference:
        record = await find(heart, one.reference)
        same = record is not None and record.external_references.get(connector.name) == one.external_reference
        if record is not None and not same:
            return Difference(
                kind="unknown_here", reference=record.reference, external_reference=one.external_reference
            )
        reference = record.reference if record is not None else ""
    if not reference:
        return Difference(kind="unknown_here", reference="", external_reference=one.external_reference)
    if one.update is not None and not await was_taken(connector.name, reference, one.update):
        return Difference(
            kind="behind_here", reference=reference, external_reference=one.external_reference, update=one.update
        )
    return None


async def mend(heart: Heart, connector: Connector, difference: Difference) -> bool:
    """Mend one difference: send again what is missing there, take in what is missing here; False when it cannot be."""
    if difference.kind == "missing_there":
        return await resend(heart, connector, difference.reference)
    if difference.kind == "behind_here" and difference.update is not None:
        await take(heart, connector, msgspec.structs.replace(difference.update, reference=difference.reference))
        return True
    if not difference.reference:
        return False
    number = difference.external_reference
    linked = Update(reference=difference.reference, external_reference=number, key=f"linked:{number}")
    return await take(heart, connector, linked) in ("taken", "repeated")


async def resend(heart: Heart, connector: Connector, typed: str) -> bool:
    """Have a connector bring its system up to date with one request; False when there is no such request."""
    record = await find(heart, typed)
    if record is None or not connector.serves(record.type, record.jurisdiction):
        return False
    async with unit(heart.engine):
        await deliveries.resend(connector.name, request=record.id, reference=record.reference)
    return True

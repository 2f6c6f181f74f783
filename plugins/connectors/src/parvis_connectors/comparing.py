"""Comparing what we hold with what another system holds of a period, and mending a difference on demand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from parvis.db import transaction
from parvis.outbox import deliveries, memory
from parvis.plugins.trying import Failure
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Change, Situation, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.numbers_there import NUMBERS, are_one, digest_of, held_by_another, references_of
from parvis.requests.records import find, locked, records_of
from parvis_connectors.applied_updates import was_taken
from parvis_connectors.calls import asked
from parvis_connectors.unmatched_updates import take
from parvis_sdk.connectors import Connector, Listed, Theirs
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text

Kind = Literal["foreign", "missing_there", "unknown_here", "behind_here"]
NOT_LISTED = Text(
    fr="ce connecteur ne peut pas lire le contenu de son système",
    en="this connector cannot read the content of its system",
)
UNLINKED = Text(
    fr="Le numéro {number} du système «\u00a0{name}\u00a0» n’est plus lié à cette requête\u00a0: il "
    "désigne un autre élément.",
    en="Number {number} in the system “{name}” is no longer linked to this request: it refers to something else.",
)
MARGIN = timedelta(hours=1)  # between their clock and ours, at both ends of the period


class Difference(Struct, frozen=True, kw_only=True):
    """One difference: a request is known here by a number that is another's there, what we sent is not there, what they
    hold is not known here, or their news did not arrive."""

    kind: Kind
    reference: str
    external_reference: str
    update: Update | None = None

    @property
    def can_mend(self) -> bool:
        """Whether it can be mended from here: something of theirs that names no request of ours cannot."""
        return self.kind != "unknown_here" or bool(self.reference)


async def compare(
    host: Host, connector: Connector, since: datetime, until: datetime
) -> tuple[Difference, ...] | Failure:
    """The differences of a period, those that are missing there first."""
    if connector.listed is None:
        return Failure(kind="refused", what=NOT_LISTED)
    listed: Listed = connector.listed
    told = await asked(
        host, connector, "compare", lambda connection: listed(connection, since - MARGIN, until + MARGIN)
    )
    if isinstance(told, Failure):
        return told
    theirs = {each.external_reference: each for each in told.value}
    ours = await _ours(host, connector, since, until)
    foreign = await _foreign(host, connector, ours, told.value)
    missing = [
        Difference(kind="missing_there", reference=reference, external_reference=number)
        for reference, number in ours.items()
        if number not in theirs and reference not in foreign
    ]
    known = {number: reference for reference, number in ours.items() if reference not in foreign}
    named = {each.external_reference for each in foreign.values()}
    others = [
        each
        for one in theirs.values()
        if (one.reference or one.external_reference not in named)
        and (each := await _difference(host, connector, one, known)) is not None
    ]
    return (*foreign.values(), *missing, *sorted(others, key=lambda each: (each.kind, each.external_reference)))


async def _foreign(
    host: Host, connector: Connector, ours: Mapping[str, str], theirs: Sequence[Theirs]
) -> dict[str, Difference]:
    """The requests that are known by a number under which the other system holds something of another request."""
    whose = {each.external_reference: each.reference for each in theirs if each.reference}
    found = {}
    for number in {*whose, *ours.values()} - {""}:
        there = await find(host, whose.get(number, ""))
        sent = {reference for reference, known in ours.items() if known == number}
        for record in await records_of({*await references_of(connector.name, number), *sent}):
            if record.erased_at is not None or record.external_references.get(connector.name) != number:
                continue
            is_ours = there is not None and await are_one(record, there)
            if not is_ours and (there is not None or await held_by_another(connector.name, number, record)):
                found[record.reference] = Difference(
                    kind="foreign", reference=record.reference, external_reference=number
                )
    return dict(sorted(found.items()))


async def _ours(host: Host, connector: Connector, since: datetime, until: datetime) -> dict[str, str]:
    """What they made or changed for us within the period, with their number for it."""
    ours = {}
    for reference in await deliveries.delivered_to(connector.name, since, until):
        record = await find(host, reference)
        # Of what goes on with another one its order, case or feature is that one's now, or none.
        if record is not None and record.erased_at is None and record.merged_into is None:
            ours[reference] = record.external_references.get(connector.name, "")
    return ours


async def _difference(host: Host, connector: Connector, one: Theirs, known: dict[str, str]) -> Difference | None:
    reference = known.get(one.external_reference, "")
    if not reference and one.reference:
        record = await find(host, one.reference)
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


async def mend(host: Host, connector: Connector, difference: Difference) -> bool:
    """Mend one difference: send again what is missing there, take in what is missing here; False when it cannot be.

    A number that is another's is let go of, and nothing is written there under it; what the request needs is sent anew.
    """
    if difference.kind == "foreign":
        number = difference.external_reference
        if not await unlink(host, connector.name, difference.reference, number, actor=SYSTEM):
            return False
        return await resend(host, connector, difference.reference)
    if difference.kind == "missing_there":
        return await resend(host, connector, difference.reference)
    if difference.kind == "behind_here" and difference.update is not None:
        await take(host, connector, structs.replace(difference.update, reference=difference.reference))
        return True
    if not difference.reference:
        return False
    number = difference.external_reference
    linked = Update(reference=difference.reference, external_reference=number, key=f"linked:{number}")
    return await take(host, connector, linked) in ("taken", "repeated")


async def resend(host: Host, connector: Connector, typed: str) -> bool:
    """Have a connector bring its system up to date with one request; False when there is no such request."""
    record = await find(host, typed)
    if record is None or not connector.serves(record.type, record.jurisdiction):
        return False
    async with transaction(host.engine):
        await deliveries.resend(connector.name, request=record.id, reference=record.reference)
    return True


async def unlink(host: Host, name: str, reference: str, number: str, *, actor: Actor) -> bool:
    """Forget that a request is known by a number which is not its own, and all that was remembered about that."""
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None or record.erased_at is not None or record.external_references.get(name) != number:
            return False

        async def plan(here: Situation) -> Change:
            left = {each: known for each, known in record.external_references.items() if each != name}
            note = UNLINKED.format(number=number, name=name)
            return Change(
                line=Line(
                    kind="external",
                    audience="internal",
                    body={"plugin": name, "reference": ""},
                    personal={"note": structs.asdict(note)},
                ),
                columns={"external_references": left},
            )

        await change_within(host, reference, plan, actor=actor)
        await memory.remember_all(
            name, dict.fromkeys(await memory.recall_all(name, reference=reference)), reference=reference
        )
        holders = [each for each in await references_of(name, number) if each != reference]
        await memory.remember(f"{NUMBERS}{name}", digest_of(number), holders)
    return True

"""What one request is to another: a part of it, about the same matter, or the same thing; read and written down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from parvis import clock
from parvis.db import in_transaction_of_its_own, insert_values
from parvis.db.tables import Row, ServiceRequest, Tie
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdictions
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record, locked, record_of
from parvis.requests.visibility import Viewer, may, sees
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

TieKind = Literal["duplicate_of", "child_of", "about"]
TIED = """
SELECT r.*, t.kind AS tie_kind, t.one AS tie_one, t.since AS tie_since FROM tie t
JOIN service_request r ON r.id = CASE WHEN t.one = {} THEN t.other ELSE t.one END
WHERE t.one = {} OR t.other = {} ORDER BY t.since, t.id"""
NO_SUCH = Text(
    fr="Aucune requête de ce numéro sur laquelle vous pouvez travailler. Vérifiez le numéro.",
    en="No request has this number on which you may work. Check the number.",
)
NOT_YOURS = Text(
    fr="Vous n’avez pas le droit de faire cela pour cette requête.", en="You may not do this to that request."
)
ITSELF = Text(fr="C’est la requête elle-même.", en="That is the request itself.")
ERASED = Text(
    fr="Les renseignements personnels de l’une des deux sont détruits.",
    en="The personal information of one of the two was destroyed.",
)


class RelatedRequest(Struct, frozen=True, kw_only=True):
    """The other request of a tie; `ours` when it is the one looked from that is `kind` the other."""

    kind: TieKind
    record: Record
    ours: bool
    since: datetime


async def ties_of(record: Record) -> tuple[RelatedRequest, ...]:
    """Everything that a request is tied to, oldest tie first, in one statement."""
    rows = await ServiceRequest.raw(TIED, record.id, record.id, record.id)
    return tuple(
        RelatedRequest(
            kind=row["tie_kind"], record=record_of(row), ours=row["tie_one"] == record.id, since=row["tie_since"]
        )
        for row in rows
    )


def seen_by(viewer: Viewer, ties: Iterable[RelatedRequest], jurisdictions: Jurisdictions) -> tuple[RelatedRequest, ...]:
    """Those whose other request this viewer may know of."""
    return tuple(each for each in ties if sees(viewer, each.record, jurisdictions))


def not_both(host: Host, viewer: Viewer, record: Record, other: Record | None) -> Denied | None:
    """Why these two are not to be tied by this viewer; what they may not see is not there."""
    if other is None or other.jurisdiction != record.jurisdiction or not may(viewer, "work", other, host.jurisdictions):
        return Denied(code="unknown", reason=NO_SUCH)
    if other.id == record.id:
        return Denied(code="not_possible", reason=ITSELF)
    if not may(viewer, "work", record, host.jurisdictions):
        return Denied(code="not_by_you", reason=NOT_YOURS)
    if other.erased_at is not None or record.erased_at is not None:
        return Denied(code="not_possible", reason=ERASED)
    return None


async def keep_tie(one: Record, kind: TieKind, other: Record, at: datetime, moved: str = "[]") -> None:
    """Inside a transaction: write a tie that is not there yet."""
    row = {"id": new_id(), "one": one.id, "kind": kind, "other": other.id, "moved": moved, "since": at}
    await insert_values(Tie, row)


async def end_tie(kind: TieKind, record: Record, other: Record) -> Row | None:
    """Inside a transaction: take a tie away, from whichever of the two; what it was, None where there is none."""
    both = [record.id, other.id]
    ended = Tie.delete().where(Tie.kind == kind, Tie.one.is_in(both), Tie.other.is_in(both))
    return next(iter(await ended.returning(Tie.other, Tie.moved)), None)


def of_tie(kind: str, other: Record, **more: Any) -> dict[str, Any]:
    """What an entry says of a tie. The number is stored apart: a reader of one history may not know of the other
    request.
    """
    return {"body": {"tie": kind, **more}, "personal": {"other": other.reference}}


async def write_down(host: Host, record: Record, what: str, kind: str, other: Record, actor: Actor) -> Record:
    """Inside a transaction: the entry that tells of a tie on the other side."""

    async def plan(here: Situation) -> Change:
        return Change(line=Line(kind=what, audience="internal", **of_tie(kind, other)))

    return certainly(await change_within(host, record.reference, plan, actor=actor))


async def tie_after(host: Host, reference: str, earlier: str) -> None:
    """Tie a request to the one in whose place it was made, once, and write so in the history of both."""

    async def made() -> None:
        other, record = await locked(host, earlier), await locked(host, reference)
        if other is None or record is None or other.erased_at or other.jurisdiction != record.jurisdiction:
            return
        if any(each.record.id == other.id for each in await ties_of(record)):
            return
        await keep_tie(record, "about", other, clock.now())
        await write_down(host, other, "tied", "about", record, SYSTEM)
        await write_down(host, record, "tied", "about", other, SYSTEM)

    await in_transaction_of_its_own(host.engine, made)

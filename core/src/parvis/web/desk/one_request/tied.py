"""The panels of what a request is tied to: its ties beside it, and what those reported that were merged into it."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from parvis.i18n import gettext
from parvis.requests.attached.attachments import kept_of_all
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record, state_title
from parvis.requests.tied.children import outlook, owner_of_request, parts_of
from parvis.requests.tied.ties import Tied
from parvis.requests.visibility import present, sees_audience
from parvis.territory import Jurisdiction
from parvis.web.answers import answer_rows
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.telling import file_at_desk
from parvis.web.desk.room import Room, title_of
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.fields import File, Photo
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text


class Ended(Struct, frozen=True, kw_only=True):
    """A request that comes to its end, and the step by which it does."""

    reference: str
    step: Text


async def ties_panel(room: Room, case: Case) -> Panel | None:
    """The ties, with the form that makes one; None for whom neither concerns."""
    record, ties = case.record, case.ties
    may = room.may("work", record) and record.erased_at is None
    if not ties and not may:
        return None
    lines = []
    ended = await _ended_by_untying(room, record, ties) if may else {}
    for each in ties:
        kind = await type_of_record(room.heart, each.record)
        lines.append(
            {
                "kind": each.kind,
                "ours": each.ours,
                "reference": each.record.reference,
                "title": kind.title,
                "owner": whose(room.town, kind, each.record) if each.kind == "child_of" and not each.ours else None,
                "promised_at": each.record.promised_at if each.record.promise in ("running", "missed") else None,
                "state": state_title(each.record, kind),
                "phase": each.record.phase,
                "ended_then": ended.get(each.record.id),
                # It is the merged one that is taken apart, on its own page.
                "ends": may and each.record.erased_at is None and (each.kind != "duplicate_of" or each.ours),
            }
        )
    offered = [
        (one.reference, f"{title_of(room, one.type)}, {one.address or one.reference}")
        for one in case.near
        if one.type == record.type
    ]
    values = {
        "ties": lines,
        "may": may,
        "offered": offered,
        "version": record.version,
        "merged": record.merged_into is not None,
    }
    return Panel(template="parts/ties.html", values=values)


async def _ended_by_untying(room: Room, record: Record, ties: Sequence[Tied]) -> dict[UUID, Ended]:
    """Of each part whose tie may be removed: the whole that would thereby come to its end at once, and by which step.

    As many statements for many parts as for one; parts that the person may not see count as well, unnamed.
    """
    parts = [each for each in ties if each.kind == "child_of"]
    whole = next((each.record for each in parts if each.ours), record)
    kind = await type_of_record(room.heart, whole) if parts else None
    rule = kind.children if kind is not None else None
    step = kind.workflow.transition(rule.move) if kind is not None and rule is not None else None
    if step is None:
        return {}
    known = await parts_of(whole)
    found = {}
    for each in parts:
        part = record if each.ours else each.record
        left = [one for one in known if one.id != part.id]
        if await outlook(room.heart, whole, left) == "over" and await outlook(room.heart, whole, known) != "over":
            found[each.record.id] = Ended(reference=whole.reference, step=step.title)
    return found


def whose(town: Jurisdiction, kind: RequestType, record: Record) -> Text:
    """Whose the things of a part are."""
    owner = owner_of_request(town, kind, record)
    return owner.name if owner is not None else town.name


async def joined_panel(room: Room, case: Case) -> Panel | None:
    """What other people reported of the same thing, each as its own rules show it; files in one statement for all."""
    joined = [each.record for each in case.ties if each.kind == "duplicate_of" and not each.ours]
    if not case.record.duplicates or not joined:
        return None
    kept = await kept_of_all([each.id for each in joined])
    reports = []
    for each in joined:
        kind = await type_of_record(room.heart, each)
        shown = present(room.heart, each, kind, room.viewer)
        asked = [one.field for one in shown.fields if not isinstance(one.field, Photo | File)]
        files = [
            file_at_desk(one.attachment)
            for one in kept.get(each.id, ())
            if sees_audience(room.viewer, one.audience, each, room.heart.territory)
        ]
        reports.append(
            {
                "reference": each.reference,
                "at": each.submitted_at,
                "rows": answer_rows(asked, shown.answers, {}),
                "files": files,
            }
        )
    return Panel(template="parts/joined.html", values={"reports": reports})


JOINED: PagePanel[Room, Case] = PagePanel(
    slot="desk.request",
    name="joined",
    title=lambda: gettext("Joined to this request"),
    draw=joined_panel,
)


TIES: PagePanel[Room, Case] = PagePanel(
    slot="desk.request.side",
    name="ties",
    after="calls",
    title=lambda: gettext("Tied to"),
    draw=ties_panel,
)

"""On the page of one request: the form that ties it to another, what takes a tie away, and the line to its parts."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from parvis.i18n import gettext
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.relations.children import outlook, parts_of
from parvis.requests.relations.ties import RelatedRequest
from parvis.web.desk.context import DeskContext, title_of
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.text import Text


class EndingRequest(Struct, frozen=True, kw_only=True):
    """A request that comes to its end, and the step by which it does."""

    reference: str
    step: Text


async def tying_box(room: DeskContext, case: Case) -> Panel | None:
    """The ties that may be taken away, each with what that would mean, and the form that makes another."""
    record, ties = case.record, case.ties
    ended = await _ended_by_untying(room, record, ties)
    ends = [
        {"kind": each.kind, "reference": each.record.reference, "ended_then": ended.get(each.record.id)}
        for each in ties
        # It is the merged one that is taken apart, on its own page.
        if each.record.erased_at is None and (each.kind != "duplicate_of" or each.ours)
    ]
    offered = [
        (one.reference, f"{title_of(room, one.type)}, {one.address or one.reference}")
        for one in case.near
        if one.type == record.type
    ]
    merged = record.merged_into is not None
    values = {"ends": ends, "offered": offered, "version": record.version, "merged": merged}
    return Panel(template="merging/tying.html", values=values) if ends or not merged else None


async def _ended_by_untying(
    room: DeskContext, record: Record, ties: Sequence[RelatedRequest]
) -> dict[UUID, EndingRequest]:
    """Of each part whose tie may be removed: the whole that would thereby come to its end at once, and by which step.

    As many statements for many parts as for one; parts that the person may not see count as well, unnamed.
    """
    parts = [each for each in ties if each.kind == "child_of"]
    whole = next((each.record for each in parts if each.ours), record)
    request_type = await type_of_record(room.host, whole) if parts else None
    rule = request_type.children if request_type is not None else None
    step = request_type.workflow.transition(rule.move) if request_type is not None and rule is not None else None
    if step is None:
        return {}
    known = await parts_of(whole)
    found = {}
    for each in parts:
        part = record if each.ours else each.record
        left = [one for one in known if one.id != part.id]
        if await outlook(room.host, whole, left) == "over" and await outlook(room.host, whole, known) != "over":
            found[each.record.id] = EndingRequest(reference=whole.reference, step=step.title)
    return found


async def split_line(room: DeskContext, case: Case) -> Panel | None:
    """The line that leads to the page where another request is made of a part."""
    return Panel(template="merging/split_line.html", values={})


def is_kept(room: DeskContext, case: Case) -> bool:
    """Nothing is done any more to a request whose personal information was destroyed."""
    return case.record.erased_at is None


TYING: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.ties",
    name="tying",
    title=lambda: gettext("Link to another request"),
    right="work",
    applies=is_kept,
    draw=tying_box,
)
SPLIT: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.links",
    name="split",
    title=lambda: gettext("Split the request"),
    right="work",
    applies=is_kept,
    draw=split_line,
)

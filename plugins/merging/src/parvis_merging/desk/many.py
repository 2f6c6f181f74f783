"""Several requests as reports of one thing: which of them is kept, and what would become of each of the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext, say
from parvis.requests.contacts import manual_methods, method_known
from parvis.requests.queue_actions import OfModule
from parvis.requests.records import Record, find
from parvis.requests.relations.ties import NO_SUCH
from parvis.requests.visibility import may
from parvis.web.desk.context import DeskContext, title_of
from parvis.web.desk.lists.action_forms import ActionForm, Foreseen
from parvis.web.desk.one_request.forms import wrong
from parvis.web.panels import Panel
from parvis.web.typed import FormInput
from parvis_merging.for_many import JOIN_TO, MERGE, into_of
from parvis_merging.merging import not_kept
from parvis_merging.weighing import OWN, MergePreview, weigh
from parvis_sdk.contact_methods import CALL
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Phase

OFFERED = 100
FARTHEST = (Phase.IN_PROGRESS, Phase.WAITING_FOR_YOU, Phase.RECEIVED)


class Line(Struct, frozen=True, kw_only=True):
    """What would become of one request: how its person is told, in words, and how many would follow the other."""

    record: Record
    told: str
    followers: int


def kept_offered(room: DeskContext, records: Sequence[Record]) -> list[tuple[str, str]]:
    """Of those chosen, the ones with which the others may go on: first the one that is farthest, then the oldest."""
    able = [one for one in records if not_kept(one) is None and may(room.viewer, "work", one, room.host.jurisdictions)]
    able.sort(key=lambda one: (FARTHEST.index(one.phase), one.submitted_at))
    return [(one.reference, _named(room, one)) for one in able[:OFFERED]]


def _named(room: DeskContext, record: Record) -> str:
    day = i18n.format_date(record.submitted_at)
    return " · ".join(part for part in (record.reference, title_of(room, record.type), record.address, day) if part)


async def show(room: DeskContext, records: Sequence[Record]) -> Mapping[str, Any]:
    """The requests that may be the one that goes on."""
    return {"kept": kept_offered(room, records)}


async def merge_asked(room: DeskContext, sent: FormInput) -> OfModule | Problems:
    """With which one the others are to go on: the number that was typed, else the one that was chosen."""
    name = "other" if sent.text("other").strip() else "into"
    kept = await find(room.host, sent.text(name))
    if (
        kept is None
        or kept.jurisdiction != room.town.code
        or not may(room.viewer, "work", kept, room.host.jurisdictions)
    ):
        return (
            Problems(found=(Problem(path=name, code="unknown", message=NO_SUCH),))
            if sent.text(name)
            else wrong(name, gettext("Choose the request to keep open."))
        )
    if denied := not_kept(kept):
        return Problems(found=(Problem(path=name, code=denied.code, message=denied.reason),))
    title = JOIN_TO.format(reference=kept.reference)
    return OfModule(name=MERGE, title=title, given={"into": kept.reference})


async def foresee(room: DeskContext, records: Sequence[Record], action: OfModule) -> Foreseen:
    """How each of the others would fare, and how their people would be told."""
    into = into_of(action)
    fates = await weigh(room.host, room.viewer, [one for one in records if one.reference != into], into)
    lines = lines_of(room, fates)
    return Foreseen(
        judged=[(each.record, each.refused.reason if each.refused else None) for each in fates],
        panel=Panel(template="merging/foreseen.html", values={"into": into, "lines": lines}) if lines else None,
    )


def lines_of(room: DeskContext, fates: Sequence[MergePreview]) -> tuple[Line, ...]:
    """What would become of those that can be merged; contact details only for viewers who may know them."""
    return tuple(
        Line(record=each.record, told=_told(room, each), followers=each.followers)
        for each in fates
        if each.refused is None
    )


def _told(room: DeskContext, each: MergePreview) -> str:
    if not may(room.viewer, "contacts", each.record, room.host.jurisdictions):
        return gettext("by their preferred contact method, if they can be reached")
    if not each.told:
        return gettext("not notified: no contact details, or they want no messages")
    method = method_known(room.host, each.told)
    if each.told == OWN or method is None:
        return gettext("through another of their reports")
    if not method.by_hand:
        return say(method.by)
    if method not in manual_methods(room.host, room.town):
        return gettext("without a message, to be reached another way")
    return (
        gettext("by phone: added to the calls to make")
        if method == CALL
        else gettext("by letter: added to the letters to send")
    )


FORM = ActionForm(
    name=MERGE,
    template="merging/merge.html",
    fields=("into", "other"),
    show=show,
    read=merge_asked,
    foresee=foresee,
    done="merging/merged.html",
    taken_back=lambda: gettext("Each requester is notified that their request is handled separately again."),
)

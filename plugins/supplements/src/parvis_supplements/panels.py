"""What is asked to be corrected or added, as a panel for the requester and for the desk."""

from typing import Any

from msgspec import Struct

from parvis.i18n import format_date, gettext, language, say
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis.web.addresses import address
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplements import OTHER, Supplement
from parvis_supplements.lists import SupplementList, last_of, lists_of, prepared_of, reads_list

SUPPLEMENT = {"fr": "complements", "en": "supplements"}
"""The word of these pages in addresses, by language."""


class ShownPoint(Struct, frozen=True, kw_only=True):
    """One point in words: the question, what was said of it, whether it is answered."""

    label: str
    words: str
    done: bool


class ShownList(Struct, frozen=True, kw_only=True):
    """One list in words, with where it is answered or, at the desk, worked on."""

    title: str
    state: str
    words: str
    points: tuple[ShownPoint, ...]
    href: str = ""
    prepared: int = 0


def points_shown(supplement: Supplement, request_type: RequestType, listed: SupplementList) -> tuple[ShownPoint, ...]:
    """Every point of a list as its requester reads it."""
    fields = request_type.form.fields()
    labels = {field.code: say(field.label) for field in fields}
    return tuple(
        ShownPoint(
            label=labels.get(one.point.field, say(OTHER)), words=say(supplement.said(one.point, fields)), done=one.done
        )
        for one in listed.points
    )


def standing_of(record: Record, request_type: RequestType, listed: SupplementList) -> str:
    """How a list stands, in one sentence."""
    day = format_date(listed.due_on) if listed.due_on else ""
    if listed.is_open(record, request_type):
        return gettext("Answer due by {day}.").format(day=day)
    match listed.state:
        case "answered":
            return gettext("Answered.")
        case "abandoned":
            return gettext("Not answered: the request was abandoned.")
        case "replaced":
            return gettext("Replaced by a later list.")
    return gettext("No longer needed: the request has moved forward.")


async def supplement_panel(record: Record, request_type: RequestType, viewer: Viewer) -> Panel | None:
    """For the requester: what is still asked, with the way to answer it; then what was."""
    shown: list[ShownList] = []
    lists = await lists_of(record.id) if request_type.of(Supplement) else ()
    for supplement in request_type.of(Supplement):
        last = last_of(lists, supplement.code)
        if last is None or not reads_list(viewer, record, request_type, last):
            continue
        href = address(language(), ":track", record.reference, SUPPLEMENT, supplement.code)
        mine = last.is_open(record, request_type) and viewer.holds("answer")
        shown.append(_shown(record, request_type, supplement, last, href=href if mine else ""))
    versions = address(language(), ":track", record.reference, ":versions")
    return _panel(shown, versions=versions, mine=True)


async def supplement_desk_panel(record: Record, request_type: RequestType) -> Panel | None:
    """For the desk: the list that waits, the one in preparation, earlier ones."""
    shown: list[ShownList] = []
    lists = await lists_of(record.id) if request_type.of(Supplement) else ()
    for supplement in request_type.of(Supplement):
        path = f"/bureau/requete/{record.reference}/complements/{supplement.code}"
        kept = prepared_of(lists, supplement.code)
        of_it = [each for each in lists if each.code == supplement.code and each.state != "prepared"]
        shown += [_shown(record, request_type, supplement, each) for each in reversed(of_it)]
        if kept is not None:
            words = gettext("In preparation: nothing has been sent yet.")
            title = say(supplement.title)
            shown.insert(0, ShownList(title=title, state="prepared", words=words, points=(), href=path))
    return _panel(shown, versions=f"/bureau/requete/{record.reference}/versions", mine=False)


def _shown(
    record: Record, request_type: RequestType, supplement: Supplement, listed: SupplementList, href: str = ""
) -> ShownList:
    return ShownList(
        title=say(supplement.title),
        state="open" if listed.is_open(record, request_type) else listed.state,
        words=standing_of(record, request_type, listed),
        points=points_shown(supplement, request_type, listed),
        href=href,
    )


def _panel(shown: list[ShownList], **values: Any) -> Panel | None:
    return Panel(template="supplements/box.html", values={"lists": shown, **values}) if shown else None

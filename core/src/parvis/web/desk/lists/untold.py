"""What nobody was told: where nobody of the town calls or writes, it stands here until somebody has told it."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext, pgettext
from parvis.requests.contacts import manual_methods
from parvis.requests.work.untold import (
    ENDINGS,
    STILL_OWED,
    end,
    tells,
    untold_for,
    untold_of,
    untold_requests,
    untold_since,
)
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, title_of
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE
from parvis.web.done_messages import DoneMessage
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed

UNTOLD = "/bureau/non-remis"


def is_here(room: DeskContext, case: Case | None = None) -> bool:
    """Whether the core shows what is untold: where people call, the module that has them do it shows it."""
    return not manual_methods(room.host, room.town)


@get(UNTOLD)
async def show_untold(room: AtDesk) -> Response[Any]:
    """Emergencies first; as many statements however many there are."""
    room.demand("intake")
    found = await untold_for(room.host, room.viewer, room.town)
    return room.show("desk/untold.html", found=found, title_of=lambda code: title_of(room, code))


@post(f"{CASE}/non-remis")
async def end_untold(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Somebody has told the person in some way, or gives up."""
    record, sent = await room.record(reference), await typed(request)
    if not tells(room.host, room.viewer, record):
        raise PermissionDeniedException("This needs the right 'work' or 'intake' over the request.")
    result = next((each for each in ENDINGS if each == sent.text("result")), None)
    ids = ids_in(sent.text("messages"))
    ended = None
    if result is not None:
        ended = await end(room.host, record.reference, ids, result, sent.text("words"), actor=room.actor)
    return go(case_path(record.reference) + f"?fait={'deja-dit' if ended is None else 'dit'}#main")


def ids_in(words: str) -> list[UUID]:
    """The ids among these words; what is none was written by no page of ours."""
    return [id for each in words.split() if (id := _id(each)) is not None]


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


async def untold_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where the person knows everything, or where it is for others to tell."""
    record = case.record
    if record.erased_at is not None or not tells(room.host, room.viewer, record):
        return None
    messages = await untold_of(record)
    ids = " ".join(str(each.id) for each in messages)
    values = {"messages": messages, "ids": ids, "reference": record.reference}
    return Panel(template="parts/untold.html", values=values, weight="urgent") if messages else None


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="untold",
    after="routed",
    title=lambda: gettext("Not notified yet"),
    applies=is_here,
    rows=(STILL_OWED,),
    draw=untold_panel,
)
LINK = PageLink(
    slot="desk.menu",
    path=UNTOLD,
    after="/bureau/pour-moi",
    text=lambda: pgettext("messages", "Undelivered"),
    right="intake",
    icon="mail",
    when=is_here,
    waiting=lambda room: untold_requests(room.host, room.viewer, room.town),
)


async def _lists(room: DeskContext) -> tuple[StalledList, ...]:
    stalled = StalledList(
        title=gettext("Undelivered messages"),
        meaning=gettext("Messages do not reach these people, and nobody has notified them yet."),
        href=UNTOLD,
        found=await untold_since(room.host, room.viewer, room.town),
    )
    return (stalled,)


STALLED_HERE = StalledSource(
    name="untold", title=lambda: gettext("Undelivered messages"), right="intake", when=is_here, find=_lists
)
DONE = (
    DoneMessage(slot="desk.request.done", name="dit", text=lambda: gettext("It is recorded.")),
    DoneMessage(
        slot="desk.request.done",
        name="deja-dit",
        text=lambda: gettext("Somebody has already recorded this."),
    ),
)

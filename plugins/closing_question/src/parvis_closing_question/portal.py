"""What everybody reads on the public page of a request, and what its followers are asked at their own link."""

from msgspec import structs

from parvis.i18n import gettext
from parvis.requests.closing import SAYING_NO
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.persons.followers import FollowerState, following
from parvis.requests.records import Record, get
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.joining import FollowerAct
from parvis.web.portal.visit import Visit
from parvis_closing_question.others import others_asked, voices_of
from parvis_closing_question.reopening import say_so_too
from parvis_closing_question.standing import no_said, saying_no


async def saying_no_panel(here: Visit, record: Record) -> Panel | None:
    """None while nobody says it."""
    request_type = await type_of_record(here.host, record)
    if all(request_type.workflow.transition(code) is None for code in SAYING_NO):
        return None
    past = await entries_of(record)
    values = {"saying_no": len(saying_no(request_type, past)), "no_said": no_said(request_type, past)}
    return Panel(template="closing_question/saying_no.html", values=values) if values["saying_no"] else None


SAYING_NO_PANEL: PagePanel[Visit, Record] = PagePanel(
    slot="portal.request",
    name="closing_question",
    title=lambda: gettext("Is it resolved?"),
    draw=saying_no_panel,
)


async def follower_panel(here: Visit, found: FollowerState) -> Panel:
    """What is asked of a follower whom the town tells of it, and how many say no already."""
    record = await get(here.host, found.request)
    others = await others_asked(here.host, record, await voices_of(record, found.id, found.email), True)
    return Panel(template="closing_question/says_so.html", values={"heading": True, **structs.asdict(others)})


FOLLOWER_PANEL: PagePanel[Visit, FollowerState] = PagePanel(
    slot="portal.following",
    name="closing_question",
    title=lambda: gettext("Is it resolved?"),
    applies=lambda here, found: found.state == "active",
    draw=follower_panel,
)


async def say_no(here: Visit, token: str) -> object:
    """Counts that this person says so; None where the link is no good, or they follow no more."""
    found = await following(here.host, token)
    if found is None or found.link != "good" or found.state != "active":
        return None
    record = await get(here.host, found.request)
    return await say_so_too(here.host, record.reference, await voices_of(record, found.id, found.email))


SAYING_NO_TOO = FollowerAct(slot="portal.following", name="not_fixed", act=say_no)

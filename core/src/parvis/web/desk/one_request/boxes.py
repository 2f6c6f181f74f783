"""Boxes of the page of one request: open ones nearby, the rule that routed it, what its person is still to be told."""

import msgspec

from parvis.i18n import gettext, ngettext
from parvis.requests.work.calls import Call, calls_of, tells
from parvis.web.desk.context import DeskContext, title_of, unit_name
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.text import Text


async def near_panel(room: DeskContext, case: Case) -> Panel | None:
    """The nearest first, each with its distance."""
    lines = [
        {
            "reference": each.reference,
            "title": title_of(room, each.type),
            "metres": each.metres,
            "submitted_at": each.submitted_at,
            "address": each.address,
        }
        for each in case.near
    ]
    return Panel(template="parts/near.html", values={"near": lines})


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="near",
    after="again",
    title=lambda: gettext("Open requests nearby"),
    applies=lambda room, case: bool(case.near),
    draw=near_panel,
)


async def routed_panel(room: DeskContext, case: Case) -> Panel | None:
    """The last decision of the rules, as the history keeps it; none of a request that came in before there were any."""
    said = next((line.details["routed"] for line in reversed(case.story) if "routed" in line.details), None)
    if said is None:
        return None
    words = msgspec.convert(said["words"], Text)
    among = said.get("among", 0)
    shared = ngettext("Given to one of %(num)s person", "Given to one of %(num)s persons", among) % {"num": among}
    values = {
        "words": words,
        "unit": unit_name(room.town, said["unit"]),
        "version": said["version"],
        "shared": shared if said.get("assignee") else "",
        "by_load": said.get("share") == "load",
        "nobody": "share" in said and not said["assignee"],
    }
    return Panel(template="parts/routed.html", values=values)


ROUTED_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="routed",
    title=lambda: gettext("Why this unit"),
    draw=routed_panel,
)


async def calls_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where there is nobody to tell anything, or where it is for others to tell."""
    record = case.record
    if record.erased_at is not None or not tells(room.host, room.viewer, record):
        return None
    calls = await calls_of(room.host, record, room.viewer)
    if not calls and record.identity == "anonymous":
        return None
    values = {"calls": calls, "ids_of": ids_of, "reference": record.reference}
    return Panel(template="parts/calls.html", values=values)


def ids_of(call: Call) -> str:
    """What is told by one call, as its form sends it."""
    return " ".join(str(each.id) for each in call.owed)


TO_TELL_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="calls",
    after="routed",
    title=lambda: gettext("Calls to make"),
    draw=calls_panel,
)

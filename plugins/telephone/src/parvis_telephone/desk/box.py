"""Beside a request: what its person is still to be told by telephone or by letter, and that they want a call."""

from parvis.i18n import gettext
from parvis.requests.rows_there import RowsOf
from parvis.requests.work.untold import STILL_OWED, tells
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.done_messages import DoneMessage
from parvis.web.panels import PagePanel, Panel
from parvis_telephone.announced_calls import calls_kept
from parvis_telephone.calls import Call, calls_of
from parvis_telephone.wishes import NONE, wishes_of

SLOT = "desk.request.done"
THEIR_CALLS, THEIR_WISH = RowsOf("telephone_call"), RowsOf("telephone_wish")


async def calls_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where there is nobody to tell anything, or where it is for others to tell."""
    record = case.record
    if record.erased_at is not None or not tells(room.host, room.viewer, record):
        return None
    calls = () if case.lacks(STILL_OWED) else await calls_of(room.host, record, room.viewer)
    kept = () if case.lacks(THEIR_CALLS) else await calls_kept(record.id)
    wish = NONE if case.lacks(THEIR_WISH) else (await wishes_of([record.id])).get(record.id, NONE)
    if not calls and not kept and record.identity == "anonymous":
        return None
    values = {"calls": calls, "kept": kept, "wish": wish, "ids_of": ids_of, "reference": record.reference}
    return Panel(template="telephone/box.html", values=values, weight="urgent" if calls else "quiet")


def ids_of(call: Call) -> str:
    """What is told by one call, as its form sends it."""
    return " ".join(str(each.id) for each in call.owed)


TO_TELL_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="calls",
    after="routed",
    title=lambda: gettext("Calls to make"),
    rows=(STILL_OWED, THEIR_CALLS, THEIR_WISH),
    stands_empty=True,
    draw=calls_panel,
)

DONE = (
    DoneMessage(slot=SLOT, name="appel", text=lambda: gettext("The call or letter has been recorded.")),
    DoneMessage(slot=SLOT, name="deja-appele", text=lambda: gettext("Somebody has already recorded this.")),
    DoneMessage(slot=SLOT, name="rappel", text=lambda: gettext("The call has been added to the calls to make.")),
    DoneMessage(
        slot=SLOT,
        name="sans-telephone",
        text=lambda: gettext("This person has no phone number on file. Correct the contact details first."),
    ),
)

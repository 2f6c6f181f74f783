"""The panel of a request's checklist."""

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.rows_there import RowsOf
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_checklists.items import items_of, lists_for

LINES = RowsOf("checklist_item")


async def checklist_panel(room: DeskContext, case: Case) -> Panel | None:
    """The lines with what may be done to them; nothing where there are none and none can be added."""
    record = case.record
    may_edit = record.erased_at is None and room.may("work", record)
    items = () if case.lacks(LINES) else await items_of(record)
    if not items and not may_edit:
        return None
    there = [item.words for item in items]
    values = {
        "lines": items,
        "done": sum(item.done_at is not None for item in items),
        "may_edit": may_edit,
        "ready": [
            (ready.code, i18n.say(ready.title))
            for ready in lists_for(room.town, record)
            if not all(words in there for words in ready.items)
        ],
    }
    return Panel(template="checklists/checklist.html", values=values, weight="plain" if items else "quiet")


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="checklist",
    after="untold",
    title=lambda: gettext("Checklist"),
    rows=(LINES,),
    stands_empty=True,
    draw=checklist_panel,
)

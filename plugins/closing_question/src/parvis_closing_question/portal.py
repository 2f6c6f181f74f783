"""What everybody reads on the public page of a request: how many people say that it is not settled."""

from parvis.i18n import gettext
from parvis.requests.closing import SAYING_NO
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.records import Record
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
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

"""The box beside a request: the incidents that it belongs to, and those that it can be put into."""

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.rows_there import RowsOf
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.desk.incidents import incident_path
from parvis_incidents.facts import facts_of
from parvis_incidents.incidents import incidents_with
from parvis_incidents.matching import INCIDENT, fits

MEMBERSHIPS = RowsOf("incident_request")


async def incidents_panel(room: DeskContext, case: Case) -> Panel | None:
    """None where the request belongs to none, and none that fits its type and place is under way."""
    record = case.record
    if record.type == INCIDENT:
        return Panel(template="incidents/link.html", values={"path": incident_path(record.reference)})
    theirs = () if case.lacks(MEMBERSHIPS) else await incidents_with(room.host, room.town, record.id)
    known = {each.reference for each in theirs if each.is_in}
    facts = facts_of(room.town, record.type, record.submitted_at, record.lon, record.lat, "")
    under_way = room.host.of(Bulletin).incidents(room.town.code)
    others = [each for each in under_way if each.reference not in known and fits(each.rule, facts)]
    changes = room.may("assign", record)
    if not known and not (others and changes):
        return None
    values = {
        "theirs": [each for each in theirs if each.is_in],
        "others": [(each.reference, i18n.say(each.title)) for each in others],
        "changes": changes,
        "path_of": incident_path,
        "request": record.reference,
    }
    return Panel(template="incidents/beside.html", values=values)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="incidents",
    after="calls",
    title=lambda: gettext("Incident"),
    applies=lambda room, case: case.record.erased_at is None,
    rows=(MEMBERSHIPS,),
    stands_empty=True,
    draw=incidents_panel,
)

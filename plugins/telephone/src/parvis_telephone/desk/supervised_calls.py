"""The calls and letters that are owed now, for the supervision board: emergencies apart."""

from collections.abc import Sequence

from parvis.i18n import gettext
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis_telephone.calls import owed_by_owner, together
from parvis_telephone.desk.calls import CALLS, URGENT, late_list, list_of


async def owed_now_by_urgency(room: DeskContext) -> Sequence[StalledList]:
    owed = await owed_by_owner(room.host, room.viewer, room.town)
    words = {
        "emergency": (gettext("Emergency calls to make"), gettext("to be done within hours")),
        "": (gettext("Calls to make and letters to send"), gettext("to be done by the end of the day")),
    }
    hrefs = {"emergency": list_of(URGENT), "": CALLS}
    by_urgency = tuple(
        StalledList(
            title=title,
            meaning=meaning,
            href=hrefs[urgency],
            found=together(each.owed for each in owed if each.urgency == urgency),
        )
        for urgency, (title, meaning) in words.items()
    )
    return (*by_urgency, await late_list(room, gettext("Overdue calls and letters"), owed))


SUPERVISED = StalledSource(
    slot="desk.supervision",
    name="calls",
    title=lambda: gettext("Calls to make and letters to send"),
    right="intake",
    find=owed_now_by_urgency,
)

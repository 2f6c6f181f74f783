"""Undecided proposals: a filter of the queue, and a list of stalled work, found without opening requests."""

from parvis.i18n import gettext
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.stalled import stalled_counts
from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.lists.filters import FilterContext, QueueFilter, filters_in
from parvis.web.desk.lists.stalled import StalledList, StalledSource

NAME, WAITING = "proposition", "attente"
UNDECIDED = "id IN (SELECT request FROM proposals_proposal WHERE state = 'waiting')"


def _choices(here: FilterContext) -> list[tuple[str, str]]:
    return [("", gettext("Any")), (WAITING, gettext("Proposal to decide"))]


FILTER = QueueFilter(
    name=NAME,
    after="attente",
    title=lambda: gettext("Proposals from plugins"),
    narrow=lambda searcher, values: {"conditions": (ListCondition(UNDECIDED, leads=True),)},
    say=lambda here, value: gettext("Proposal to decide"),
    choices=_choices,
)


async def undecided(room: DeskContext) -> tuple[StalledList, ...]:
    """The same requests as behind the link, counted in one statement."""
    asked = ListQuery(values={NAME: (WAITING,)})
    (found,) = await stalled_counts(room.host, room.viewer, room.town.code, [(filters_in(room, asked), "updated_at")])
    meaning = gettext("Requests with a plugin proposal that has not been accepted or declined.")
    title = gettext("Proposals to decide")
    return (StalledList(title=title, meaning=meaning, href=asked.address(QUEUE), found=found),)


STALLED = StalledSource(
    name="proposals", after="calls", title=lambda: gettext("Proposals to decide"), right="work", find=undecided
)

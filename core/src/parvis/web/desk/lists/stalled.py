"""Stalled work: all that waits for somebody of the town and was not touched for too long, each with its list."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from litestar import Response, get
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import business_days_before, local_day
from parvis.people.agents import agents
from parvis.plugins.trying import Failure
from parvis.requests.lists.stalled import Since, StalledCount, held_by, stalled_counts
from parvis.viewers import can_work
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, work
from parvis.web.desk.lists.filtering import NOBODY, STOPPED, TEAM, WAITING, ListQuery
from parvis.web.desk.lists.filters import filters_in
from parvis.web.links import PageLink
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem
from parvis.web.value_names import NOWHERE


class StalledList(Struct, frozen=True, kw_only=True):
    """One list: what lies in it, so many, since when, and where it is opened."""

    title: str
    meaning: str
    href: str
    found: StalledCount


def always(room: DeskContext) -> bool:
    """Whatever the town offers."""
    return True


class StalledSource(SlotItem, frozen=True, kw_only=True):
    """Which lists of stalled work a part of the desk has: `right` is held somewhere in the town, `when` is whether it
    has any use here.

    `find` counts them in as many statements however much there is; all that it answers is shown, in its order.
    """

    IF_BROKEN = {"title": ITS_NAME, "when": False}
    title: Callable[[], str]
    find: Callable[[DeskContext], Awaitable[Sequence[StalledList]]]
    right: str = ""
    when: Callable[[DeskContext], bool] = always
    slot: str = "desk.stalled"


def stalled_since(total: int, moments: Iterable[datetime | None]) -> StalledCount:
    """So many, since the first of these moments; nothing has waited since a day that is still to come."""
    first = next(iter(moments), None)
    return StalledCount(requests=total, since=first if first is not None and first <= clock.now() else None)


STALLED = "/bureau/ce-qui-traine"
UNTAKEN, STILL, UNANSWERED = 2, 10, 20  # business days
NOT_WAITING = ("received", "in_progress", "decided")


@get(STALLED)
async def show_stalled(room: AtDesk) -> Response[Any]:
    """As many statements however much lies about."""
    room.demand("see")
    lists, missing = await _requests(room), []
    for source in room.nouns(StalledSource, "desk.stalled"):
        if source.right in ("", *room.rights) and source.when(room):
            found = await tried(source.owner, source.name, partial(source.find, room))
            if isinstance(found, Failure):
                missing.append({"name": source.name, "title": source.title()})
            else:
                lists += found.value
    return room.show(
        "desk/stalled.html",
        lists=[one for one in lists if one.found.requests],
        clear=[one for one in lists if not one.found.requests],
        missing=missing,
    )


async def _requests(room: DeskContext) -> list[StalledList]:
    gone = await held_by(room.host, room.viewer, room.town.code, await _who_cannot_work(room))
    named = _lists_of_requests(room, tuple(str(id) for id in gone))
    counted = await stalled_counts(
        room.host,
        room.viewer,
        room.town.code,
        [(filters_in(room, asked), since) for _, _, asked, since in named],
    )
    return [
        StalledList(title=title, meaning=meaning, href=asked.address(QUEUE), found=found)
        for (title, meaning, asked, _), found in zip(named, counted, strict=True)
    ]


async def _who_cannot_work(room: DeskContext) -> list[str]:
    """Everybody with an account who may not work on requests of this town, or not any more."""
    everybody = await agents(room.host.engine)
    return [one.id for one in everybody if not can_work(one, room.town.code)]


def _lists_of_requests(room: DeskContext, gone: tuple[str, ...]) -> list[tuple[str, str, ListQuery, Since]]:
    """Each list with its name, what is in it, its address, and the column that tells since when."""
    today = local_day(room.town.calendar, clock.now())

    def before(days: int) -> tuple[str]:
        return (business_days_before(room.town.calendar, today, days).isoformat(),)

    lists: list[tuple[str, str, dict[str, tuple[str, ...]], Since]] = [
        (
            gettext("Unassigned"),
            gettext("Received at least %(days)s business days ago, unassigned, and not started.") % {"days": UNTAKEN},
            {"phase": ("received",), "a": (NOBODY,), "jusqua": before(UNTAKEN)},
            "submitted_at",
        ),
        (
            gettext("Overdue"),
            gettext("Open and past the promised date."),
            {"retard": ("oui",)},
            "promised_at",
        ),
        (
            gettext("No activity"),
            gettext("Open, not waiting for the requester and unchanged for %(days)s business days.") % {"days": STILL},
            {"phase": NOT_WAITING, "inchangees": before(STILL)},
            "updated_at",
        ),
        (
            gettext("No answer from the requester"),
            gettext("Waiting for the requester and unchanged for %(days)s business days.") % {"days": UNANSWERED},
            {"phase": ("waiting_for_you",), "inchangees": before(UNANSWERED)},
            "updated_at",
        ),
        (
            gettext("Delivery failed"),
            gettext("A message or a delivery to another system failed, and will not be retried until somebody acts."),
            {WAITING: (STOPPED,), "ouvertes": ("toutes",)},
            "updated_at",
        ),
    ]
    if gone:
        lists.append(
            (
                gettext("Assigned to a former colleague"),
                gettext("Open, and the person assigned no longer has an account or access."),
                {"a": gone},
                "updated_at",
            )
        )
    if room.scope("see").is_whole:
        lists.append(
            (
                gettext("In a former unit"),
                gettext("Open, in a unit that no longer exists."),
                {TEAM: (NOWHERE,)},
                "updated_at",
            )
        )
    return [
        (title, meaning, ListQuery(values=dict(sorted(values.items()))), since)
        for title, meaning, values, since in lists
    ]


LINK = PageLink(
    slot="desk.menu",
    path=STALLED,
    after="/bureau/non-remis",
    text=lambda: gettext("Stalled"),
    right="see",
    icon="list",
    group=work,
)

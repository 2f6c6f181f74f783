"""What is left lying: all that waits for somebody of the town and was not touched for too long, each with its list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from litestar import Response, get
from msgspec import Struct

from parvis import clock
from parvis.correspondence.sorting import left_to_sort
from parvis.i18n import gettext
from parvis.people.agents import agents
from parvis.requests.granted.deadlines import DeadlineFilters, What, deadlines_for
from parvis.requests.lists.lying import Lying, Since, held_by, lying
from parvis.requests.lists.outcomes import NOWHERE
from parvis.requests.reviews.tasks_found import TaskFilters, tasks_for
from parvis.requests.visits.rounds import Wanted, figures_of
from parvis.requests.work.calls import owed_late
from parvis.territory.calendars import business_days_before, local_day
from parvis.viewing import can_work
from parvis.web.desk.entry.calls import CALLS
from parvis.web.desk.entry.to_sort import MAIL, fetches_mail
from parvis.web.desk.inspections.planning import VISITS, inspects
from parvis.web.desk.lists.deadlines import DEADLINES, grants_or_demands
from parvis.web.desk.lists.filtering import DUE, NOBODY, STOPPED, TEAM, WAITING, Asked, filters_of, midnight
from parvis.web.desk.menu import work
from parvis.web.desk.opinions.reviewing import TASKS
from parvis.web.desk.opinions.tasks import asks_opinions
from parvis.web.desk.room import QUEUE, Room
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest

LYING = "/bureau/ce-qui-traine"
UNTAKEN, STILL, UNANSWERED = 2, 10, 20  # business days
NOT_WAITING = ("received", "in_progress", "decided")


class Heap(Struct, frozen=True, kw_only=True):
    """One list: what lies in it, so many, since when, and where it is opened."""

    title: str
    meaning: str
    href: str
    found: Lying


@get(LYING)
async def show_lying(request: AnyRequest) -> Response[Any]:
    """As many statements however much lies about."""
    room = Room(request)
    room.demand("see")
    heaps = [*await _requests(room), *await _owed_to_people(room), *await _parts(room)]
    return room.show(
        "desk/lying.html",
        heaps=[heap for heap in heaps if heap.found.requests],
        clear=[heap for heap in heaps if not heap.found.requests],
    )


async def _requests(room: Room) -> list[Heap]:
    gone = await held_by(room.heart, room.viewer, room.town.code, await _who_cannot_work(room))
    named = _lists_of_requests(room, tuple(str(id) for id in gone))
    counted = await lying(
        room.heart,
        room.viewer,
        room.town.code,
        [(filters_of(asked, room.person.id, room.town, room.own_units), since) for _, _, asked, since in named],
    )
    return [
        Heap(title=title, meaning=meaning, href=asked.address(QUEUE), found=found)
        for (title, meaning, asked, _), found in zip(named, counted, strict=True)
    ]


async def _who_cannot_work(room: Room) -> list[str]:
    """Everybody with an account who may not work on requests of this town, or not any more."""
    everybody = await agents(room.heart.engine)
    return [one.id for one in everybody if not can_work(one, room.town.code)]


def _lists_of_requests(room: Room, gone: tuple[str, ...]) -> list[tuple[str, str, Asked, Since]]:
    """Each list with its name, what is in it, its address, and the column that tells since when."""
    today = local_day(room.town.calendar, clock.now())

    def before(days: int) -> tuple[str]:
        return (business_days_before(room.town.calendar, today, days).isoformat(),)

    lists: list[tuple[str, str, dict[str, tuple[str, ...]], Since]] = [
        (
            gettext("Taken by nobody"),
            gettext("Received %(days)s business days ago or longer, nobody’s, and nothing is done yet.")
            % {"days": UNTAKEN},
            {"phase": ("received",), "a": (NOBODY,), "jusqua": before(UNTAKEN)},
            "submitted_at",
        ),
        (
            gettext("Overdue"),
            gettext("Open, and the day promised has passed without what was promised being done."),
            {"retard": ("oui",)},
            "promised_at",
        ),
        (
            gettext("Nothing has happened"),
            gettext("Open, not waiting for the requester, and unchanged for %(days)s business days.") % {"days": STILL},
            {"phase": NOT_WAITING, "inchangees": before(STILL)},
            "updated_at",
        ),
        (
            gettext("No answer from the requester"),
            gettext("Waiting for the requester, and unchanged for %(days)s business days.") % {"days": UNANSWERED},
            {"phase": ("waiting_for_you",), "inchangees": before(UNANSWERED)},
            "updated_at",
        ),
        (
            gettext("To look at again"),
            gettext("Somebody wanted to look at them again by today."),
            {"suivi": (DUE,)},
            "follow_up_at",
        ),
        (
            gettext("Stopped on the way"),
            gettext("A message, or what another system was to be told, is not tried any more until somebody acts."),
            {WAITING: (STOPPED,), "ouvertes": ("toutes",)},
            "updated_at",
        ),
    ]
    if gone:
        lists.append(
            (
                gettext("Held by somebody who left"),
                gettext("Open, and whoever holds them has no account any more, or may not work on them."),
                {"a": gone},
                "updated_at",
            )
        )
    if room.scope("see").is_whole:
        lists.append(
            (
                gettext("In no unit of today"),
                gettext("Open, in a unit that the town no longer has."),
                {TEAM: (NOWHERE,)},
                "updated_at",
            )
        )
    return [
        (title, meaning, Asked(values=dict(sorted(values.items()))), since) for title, meaning, values, since in lists
    ]


async def _owed_to_people(room: Room) -> list[Heap]:
    if "intake" not in room.rights:
        return []
    heaps = [
        Heap(
            title=gettext("Calls and letters"),
            meaning=gettext("Somebody was to be called or written to by a day that has passed."),
            href=CALLS,
            found=await owed_late(room.heart, room.viewer, room.town),
        )
    ]
    if fetches_mail(room):
        today = midnight(local_day(room.town.calendar, clock.now()), room.town.time_zone)
        heaps.append(
            Heap(
                title=gettext("Mail to sort"),
                meaning=gettext("Came before today, and nobody has said which request it belongs to."),
                href=MAIL,
                found=await left_to_sort(room.town.code, today),
            )
        )
    return heaps


async def _parts(room: Room) -> list[Heap]:
    """What is asked of the town, of inspectors and of those to whom something was granted."""
    heaps = []
    if "work" in room.rights and asks_opinions(room):
        late = await tasks_for(room.heart, room.viewer, room.town.code, TaskFilters(which="overdue"), limit=1)
        heaps.append(
            Heap(
                title=gettext("Opinions overdue"),
                meaning=gettext("Asked for, and the day by which they were to be given has passed."),
                href=f"{TASKS}?etat=retard",
                found=_first(late.total, (row.task.due_at for row in late.rows)),
            )
        )
    if grants_or_demands(room):
        heaps += [
            await _deadlines(room, "proofs", "preuves", gettext("Proofs to check"),
                             gettext("Somebody showed that a condition is met, and nobody has looked.")),
            await _deadlines(room, "overdue", "retard", gettext("Conditions overdue"),
                             gettext("What a decision demands was not done by its day.")),
        ]  # fmt: skip
    if "work" in room.rights and inspects(room):
        now = clock.now()
        visits = await figures_of(Wanted(scope=room.scope("work")), local_day(room.town.calendar, now), now)
        heaps += [
            Heap(
                title=gettext("Visits without a report"),
                meaning=gettext("The day of the visit has passed, and nothing is written down of it."),
                href=f"{VISITS}?vue=prevues",
                found=Lying(requests=visits.unreported),
            ),
            Heap(
                title=gettext("Not corrected in time"),
                meaning=gettext("A visit found something to correct by a day that has passed."),
                href=f"{VISITS}?vue=retard",
                found=Lying(requests=visits.overdue),
            ),
        ]
    return heaps


async def _deadlines(room: Room, what: What, name: str, title: str, meaning: str) -> Heap:
    found = await deadlines_for(room.heart, room.viewer, room.town.code, DeadlineFilters(what=what), limit=1)
    first = _first(found.total, (row.at for row in found.rows))
    return Heap(title=title, meaning=meaning, href=f"{DEADLINES}?quoi={name}", found=first)


def _first(total: int, moments: Iterable[datetime | None]) -> Lying:
    return Lying(requests=total, since=next(iter(moments), None))


LINK = PageLink(
    slot="desk.menu",
    path=LYING,
    after="/bureau/appels",
    text=lambda: gettext("Left lying"),
    right="see",
    icon="list",
    group=work,
)

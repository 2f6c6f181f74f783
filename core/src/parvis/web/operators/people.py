"""The accounts of the people of the town: their roles, and whether they may sign in."""

from typing import Any

from litestar import Response, get, post
from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.people.agents import Person, agents, get_agent, set_active
from parvis.people.roles import ROLES
from parvis.web.operators.room import PEOPLE, Room, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed


class Listed(Struct, frozen=True, kw_only=True):
    """One account, its roles in words, and whether this operator may open and close it."""

    person: Person
    roles: tuple[tuple[str, str, str], ...]
    changeable: bool


@get(PEOPLE)
async def show_people(request: AnyRequest) -> Response[Any]:
    room = Room(request)
    every = [listed(room, person) for person in await agents(room.heart.engine) if concerns(room, person)]
    return room.show(
        "people.html",
        people=every,
        roles=[(role.title, sorted(map(permission_name, role.permissions))) for role in ROLES.values()],
    )


@post(PEOPLE)
async def change_person(request: AnyRequest) -> Response[Any]:
    """Let an account sign in, or sign it out everywhere and let it in no more."""
    room, sent = Room(request), await typed(request)
    person = await get_agent(room.heart.engine, sent.text("id"))
    if person is None or not may_change(room, person):
        return go(f"{PEOPLE}?fait=refuse")
    active = sent.text("active") == "oui"
    await set_active(room.heart.engine, person.id, active)
    room.note("open account" if active else "close account", account=person.id)
    return go(f"{PEOPLE}?fait={'ouvert' if active else 'ferme'}")


def concerns(room: Room, person: Person) -> bool:
    """Whether the account belongs to a town that the operator runs, or to none."""
    return not person.grants or any(room.runs(grant.jurisdiction) for grant in person.grants)


def may_change(room: Room, person: Person) -> bool:
    """Not one's own account, nor one that also works for a town run by others."""
    return person.id != room.person.id and all(room.runs(grant.jurisdiction) for grant in person.grants)


def listed(room: Room, person: Person) -> Listed:
    roles = []
    for grant in person.grants:
        role = i18n.say(ROLES[grant.role].title) if grant.role in ROLES else grant.role
        town = room.host.territory.get(grant.jurisdiction)
        unit = town.unit(grant.unit) if town and grant.unit else None
        where = i18n.say(unit.name) if unit else grant.unit or gettext("the whole town")
        if grant.zones:
            zones = [i18n.say(zone.name) for code in grant.zones if town and (zone := town.zone(code))]
            where = f"{where}, {', '.join(zones or grant.zones)}"
        roles.append((role, where, room.town_name(grant.jurisdiction)))
    return Listed(person=person, roles=tuple(roles), changeable=may_change(room, person))


def permission_name(permission: str) -> str:
    return {
        "see": gettext("see requests"),
        "work": gettext("move requests and answer"),
        "assign": gettext("assign"),
        "amend": gettext("correct"),
        "intake": gettext("enter for a caller"),
        "reveal": gettext("reveal a confidential identity"),
        "report": gettext("see figures"),
        "operate": gettext("run the installation"),
        "audit": gettext("take the auditor’s pack"),
        "route": gettext("change the rules of routing"),
        "contacts": gettext("see who asked, and what is written to them"),
        "money": gettext("see what is charged and paid"),
    }.get(permission, permission)

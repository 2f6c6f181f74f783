"""The accounts of the people of the town: their roles, who gave them, and whether they may sign in."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis.access_explanation import said_of
from parvis.i18n import format_datetime, gettext, say
from parvis.people.agents import Grant, Person, agents, get_agent
from parvis.people.granting import RoleChange, changes_of, give, set_active, take
from parvis.people.one_time import forget_lost, is_demanded
from parvis.people.roles import ROLES
from parvis.requests.erasure_rules import forget_account
from parvis.sign_in_sources import given_anew, source_name
from parvis.viewers import rights_in
from parvis.web.links import PageLink
from parvis.web.operators.context import PEOPLE, AtOperations, OperatorContext, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text


class AccountRow(Struct, frozen=True, kw_only=True):
    """One account, its roles in words, and whether this operator may open and close it."""

    person: Person
    roles: tuple[tuple[str, str, str], ...]
    changeable: bool


@get(PEOPLE)
async def show_people(room: AtOperations) -> Response[Any]:
    every = [listed(room, person) for person in await agents(room.host.engine) if concerns(room, person)]
    return room.show(
        "people.html",
        people=every,
        roles=[(role.title, _may(room, role.code)) for role in ROLES.values()],
    )


@post(PEOPLE)
async def change_person(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Let an account sign in, or sign it out everywhere and let it in no more."""
    sent = await typed(request)
    person = await get_agent(room.host.engine, sent.text("id"))
    if person is None or not may_change(room, person):
        return go(f"{PEOPLE}?fait=refuse")
    active = sent.text("active") == "oui"
    if await set_active(room.host.engine, person.id, active):
        return go(f"{PEOPLE}?fait=dernier")
    if not active:
        await forget_account(room.host, person.id)
    room.note("open account" if active else "close account", account=person.id)
    return go(f"{PEOPLE}?fait={'ouvert' if active else 'ferme'}")


@get(f"{PEOPLE}/{{id:str}}")
async def show_person(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    """What an account was given, by whom, and what may be given to it."""
    return await _page(room, await person_named(room, id))


@post(f"{PEOPLE}/{{id:str}}/roles")
async def change_roles(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Give a role, or take one."""
    sent = await typed(request)
    person = await person_named(room, id)
    here = f"{PEOPLE}/{person.id}"
    if person.id == room.person.id:
        return go(f"{here}?fait=soi")
    if (number := sent.text("take")) != "":
        own = [grant for grant in person.grants if not grant.lent_by and room.runs(grant.jurisdiction)]
        if not number.isascii() or not number.isdecimal() or len(number) > 4 or int(number) >= len(own):
            return go(f"{here}?fait=refuse")
        gone = own[int(number)]
        if given_anew(room.host, gone):
            return go(f"{here}?fait=groupes")
        if await take(room.host.engine, person.id, gone, by=room.person.name):
            return go(f"{here}?fait=dernier")
        room.note("take role", account=person.id, role=gone.role, town=gone.jurisdiction)
        return go(f"{here}?fait=retire")
    wanted = _wanted(room, sent)
    if isinstance(wanted, Problems):
        return await _page(room, person, wanted, sent)
    given = await give(room.host.engine, person.id, wanted, by=room.person.name)
    room.note("give role", account=person.id, role=wanted.role, town=wanted.jurisdiction)
    return go(f"{here}?fait={'donne' if given else 'deja'}")


@post(f"{PEOPLE}/{{id:str}}/codes")
async def forget_codes(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    """For somebody who has lost the telephone: no more codes, until they turn new ones on."""
    person = await person_named(room, id)
    if not may_change(room, person):
        return go(f"{PEOPLE}/{person.id}?fait=refuse")
    await forget_lost(room.host.engine, person.id, room.person.id)
    room.note("forget codes", account=person.id)
    return go(f"{PEOPLE}/{person.id}?fait=sans-code")


def _may(room: OperatorContext, role: str) -> list[str]:
    """What a role may do, in words; what a module adds to it, with the module where it is on in some town."""
    towns = room.host.jurisdictions.by_code
    known = {right.name: right for code in towns for right in rights_in(room.host, code)}
    return sorted(say(each.title) for each in known.values() if role in each.roles)


async def person_named(room: OperatorContext, id: str) -> Person:
    person = await get_agent(room.host.engine, id)
    if person is None or not concerns(room, person):
        raise NotFoundException("There is no such account.")
    return person


def concerns(room: OperatorContext, person: Person) -> bool:
    """Whether the account belongs to a town that the operator runs, or to none."""
    return not person.grants or any(room.runs(grant.jurisdiction) for grant in person.grants)


def may_change(room: OperatorContext, person: Person) -> bool:
    """Not one's own account, nor one that also works for a town run by others."""
    return person.id != room.person.id and all(room.runs(grant.jurisdiction) for grant in person.grants)


def listed(room: OperatorContext, person: Person) -> AccountRow:
    roles = tuple(role_words(room, grant) for grant in person.grants)
    return AccountRow(person=person, roles=roles, changeable=may_change(room, person))


def role_words(room: OperatorContext, grant: Grant) -> tuple[str, str, str]:
    """A role, where it is held, and in which town."""
    role = say(ROLES[grant.role].title) if grant.role in ROLES else grant.role
    town = room.host.jurisdictions.get(grant.jurisdiction)
    unit = town.unit(grant.unit) if town and grant.unit else None
    where = say(unit.name) if unit else grant.unit or gettext("the whole town")
    if grant.zones:
        zones = [say(zone.name) for code in grant.zones if town and (zone := town.zone(code))]
        where = f"{where}, {', '.join(zones or grant.zones)}"
    if grant.source:
        groups = gettext("from groups at %(name)s") % {"name": source_name(room.host, grant.source)}
        where = f"{where}, {groups}"
    if grant.lent_by:
        absence = gettext("in the absence of %(name)s") % {"name": grant.lent_by}
        where = f"{where}, {absence}"
    return role, where, room.town_name(grant.jurisdiction)


def _wanted(room: OperatorContext, sent: FormInput) -> Grant | Problems:
    """The role that the form gives, or everything that is wrong with it."""
    found: list[Problem] = []
    role = sent.text("role")
    if role not in ROLES:
        found.append(_wrong("role", gettext("Choose a role.")))
    jurisdiction, _, unit = sent.text("where").partition("/")
    town = room.host.jurisdictions.get(jurisdiction)
    if town is None or not room.runs(jurisdiction) or (unit and town.unit(unit) is None):
        found.append(_wrong("where", gettext("Choose a town, or one of its units.")))
    zones = tuple(sorted({*sent.all("zones")} - {""}))
    if town is not None and not all(map(town.zone, zones)):
        found.append(_wrong("zones", gettext("Choose sectors in that town.")))
    if found:
        return Problems(found=tuple(found))
    return Grant(role=role, jurisdiction=jurisdiction, unit=unit, zones=zones)


async def _page(
    room: OperatorContext, person: Person, problems: Problems | None = None, sent: FormInput | None = None
) -> Response[Any]:
    own = [grant for grant in person.grants if not grant.lent_by and room.runs(grant.jurisdiction)]
    names = {one.id: one.name for one in await agents(room.host.engine)}
    return room.show(
        "person.html",
        status=422 if problems else 200,
        one=person,
        is_own=person.id == room.person.id,
        changeable=may_change(room, person),
        demanded=is_demanded(person, room.host.jurisdictions),
        held=[(*role_words(room, grant), given_anew(room.host, grant)) for grant in own],
        lent=[role_words(room, grant) for grant in person.grants if grant.lent_by],
        changes=[(each, _said(room, each, names)) for each in await changes_of(room.host.engine, person.id)],
        problems=problems,
        values={name: sent.text(name) if sent else "" for name in ("role", "where")},
        zones_chosen=sent.all("zones") if sent else (),
        zones_question=ShortText(
            code="zones", label=_both(gettext("Only in these sectors (none: everywhere)")), required=False
        ),
        zones=[
            (zone.code, say(zone.name) if len(room.towns) < 2 else f"{say(town.name)} – {say(zone.name)}", "")
            for town in room.towns
            for zone in town.zones
        ],
        roles=[("", ""), *((role.code, say(role.title)) for role in ROLES.values())],
        places=places_of(room),
    )


def _said(room: OperatorContext, change: RoleChange, names: Mapping[str, str]) -> str:
    """One line of the history."""
    if change.did == "lent":
        told = {"name": names.get(change.deputy, ""), "day": format_datetime(change.until) if change.until else ""}
        return gettext("roles temporarily given to %(name)s until %(day)s") % told
    if change.did == "ended":
        return gettext("temporary roles removed from %(name)s") % {"name": names.get(change.deputy, "")}
    town = room.host.jurisdictions.get(change.grant.jurisdiction)
    said = say(said_of([change.grant], town)) if town else change.grant.role
    return (gettext("role given: %(role)s") if change.did == "given" else gettext("role removed: %(role)s")) % {
        "role": said
    }


def places_of(room: OperatorContext) -> list[tuple[str, str]]:
    """The towns that the operator runs, and their units, for a list to choose from."""
    places = [("", "")]
    for town in room.towns:
        places.append((town.code, say(town.name)))
        units = sorted((say(unit.name), unit.code) for unit in town.units.values())
        places += [(f"{town.code}/{code}", f"{say(town.name)} – {name}") for name, code in units]
    return places


def _wrong(path: str, words: str) -> Problem:
    return Problem(path=path, code="required", message=_both(words))


def _both(words: str) -> Text:
    """Words that are in the person's language already."""
    return Text(fr=words, en=words)


LINK = PageLink(slot="operators.menu", path=PEOPLE, after="/exploitation/parametres", text=lambda: gettext("People"))

"""Who is signed in where and how, and what the sign-in log says; sessions are ended here."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from msgspec import Struct

from parvis.i18n import gettext, ngettext
from parvis.people.agents import Person, agents
from parvis.people.sessions import OpenSession, all_sessions, end_other_sessions, end_session_named
from parvis.people.sign_in_log import Line, latest
from parvis.sign_in_sources import source_name
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext, go
from parvis.web.operators.people import concerns
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.keys import token_in
from parvis.web.sign_in.recovery import device_words
from parvis.web.typed import typed

DOORS = f"{HOME}/connexions"


class Present(Struct, frozen=True, kw_only=True):
    """Somebody who is signed in, where, and whether this operator may end it."""

    person: Person
    sessions: tuple[OpenSession, ...]
    changeable: bool


@get(DOORS)
async def show_doors(room: AtOperations, request: AnyRequest) -> Response[Any]:
    people = {person.id: person for person in await agents(room.host.engine) if concerns(room, person)}
    return room.show(
        "registers/sign_ins.html",
        present=present(room, people, await all_sessions(room.host.engine, token_in(request))),
        lines=await latest(room.host.engine, people),
        names={id: person.name for id, person in people.items()},
        kind_name=kind_name,
        about=partial(about_in_words, room),
        device=device_words,
        door_name=partial(source_name, room.host),
    )


@post(DOORS)
async def end_sessions(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """One session of somebody, or all of them but the one that asks."""
    sent = await typed(request)
    people = {person.id: person for person in await agents(room.host.engine)}
    person = people.get(sent.text("id"))
    if person is None or not may_end(room, person):
        return go(f"{DOORS}?fait=refuse")
    engine, by = room.host.engine, room.person.id
    if handle := sent.text("handle"):
        await end_session_named(engine, person.id, handle, by)
    else:
        await end_other_sessions(engine, person.id, token_in(request), by)
    room.note("end sessions", account=person.id)
    return go(f"{DOORS}?fait=fini")


def present(room: OperatorContext, people: dict[str, Person], sessions: tuple[OpenSession, ...]) -> list[Present]:
    """Everyone who is signed in, most recently active first."""
    by_person: dict[str, list[OpenSession]] = {}
    for session in sessions:
        by_person.setdefault(session.person, []).append(session)
    return [
        Present(person=people[id], sessions=tuple(theirs), changeable=may_end(room, people[id]))
        for id, theirs in by_person.items()
        if id in people
    ]


def may_end(room: OperatorContext, person: Person) -> bool:
    """One's own, and those of people who work only for towns that the operator runs."""
    return person.id == room.person.id or all(room.runs(grant.jurisdiction) for grant in person.grants)


def kind_name(kind: str) -> str:
    return {
        "in": gettext("signed in"),
        "refused": gettext("sign-in refused"),
        "linked": gettext("account linked"),
        "made": gettext("account created"),
        "given": gettext("role given by a group"),
        "taken": gettext("role removed with its group"),
        "kept": gettext("role kept: last operator"),
        "ended": gettext("session closed"),
        "codes": gettext("two-step verification turned on"),
        "lost": gettext("two-step verification reset (lost phone)"),
        "spare": gettext("signed in with a recovery code"),
        "spares": gettext("new recovery codes created"),
    }.get(kind, kind)


def about_in_words(room: OperatorContext, line: Line) -> str:
    """Why somebody was not let in, or how many recovery codes are left, in words; what else, as it stands."""
    if line.kind == "spare" and line.about.isdigit():
        return ngettext("%(num)s code left", "%(num)s codes left", int(line.about)) % {"num": int(line.about)}
    code, _, rest = line.about.partition(" ")
    reasons = {
        "no_email": gettext("no email address received"),
        "no_role": gettext("no rule gives a role"),
        "no_account": gettext("no account, and none is created"),
        "taken": gettext("the account with this email is not linked"),
        "closed": gettext("the account is closed"),
        "second_factor": gettext("second step not confirmed by the provider"),
    }
    return f"{reasons[code]} {rest}".strip() if line.kind == "refused" and code in reasons else line.about


LINK = PageLink(slot="operators.menu", path=DOORS, after="/exploitation/personnes", text=lambda: gettext("Sign-ins"))

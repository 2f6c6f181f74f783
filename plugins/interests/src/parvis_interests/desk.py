"""Conflicts of interest: one's own declarations; for the person in charge of privacy all that was declared or noted."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import ClientException, PermissionDeniedException
from litestar.params import FromPath

from parvis.db import transaction
from parvis.i18n import gettext
from parvis.requests.lists.cursors import BadCursor
from parvis.web.desk.context import DeskContext, go, management
from parvis.web.desk.one_request.forms import wrong
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_interests.declarations import (
    KINDS,
    MOST_REASON,
    MOST_WORDS,
    DeclaredInterest,
    end_interest,
    interests_in,
)
from parvis_interests.obeying import declare_ahead
from parvis_interests.written import written_conflicts
from parvis_sdk.problems import Problems

CONFLICTS = "/bureau/conflits"


@get(CONFLICTS)
async def show_conflicts(request: AnyRequest) -> Response[Any]:
    return await _page(_room(request), {})


def _room(request: AnyRequest) -> DeskContext:
    room = DeskContext(request)
    if not works_here(room):
        raise PermissionDeniedException("This page is for those who see requests of the town.")
    return room


@post(CONFLICTS, status_code=200)
async def declare_conflict(request: AnyRequest) -> Response[Any]:
    """Declare a conflict: the request is hidden from the agent from then on."""
    room, sent = _room(request), await typed(request)
    values = {name: sent.text(name) for name in ("kind", "words", "reason")}
    kind = next((each for each in KINDS if each == values["kind"]), None)
    if kind is None:
        return await _page(room, values, wrong("kind", gettext("Choose what it is about.")))
    person = room.person
    made = await declare_ahead(room.host, room.town, person.id, person.name, kind, values["words"], values["reason"])
    if isinstance(made, Problems):
        return await _page(room, values, made)
    return go(f"{CONFLICTS}?fait=declare#main")


@post(f"{CONFLICTS}/{{id:uuid}}/fin", status_code=200)
async def end_conflict(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """One's own ends, or anybody's by the person in charge of privacy."""
    room = _room(request)
    whose = "" if "privacy" in room.rights else room.person.id
    async with transaction(room.host.engine):
        ended = await end_interest(room.town, id, room.person.name, whose)
    return go(f"{CONFLICTS}?fait={'fin' if ended else 'rien'}#main")


async def _page(room: DeskContext, values: Mapping[str, str], problems: Problems | None = None) -> Response[Any]:
    standing = await interests_in(room.town.code)
    reads_all, cursor = "privacy" in room.rights, room.request.query_params.get("apres", "")
    try:
        written, earlier = (
            await written_conflicts(room.town.code, cursor, reader=room.person.id) if reads_all else ((), "")
        )
    except BadCursor as error:
        raise ClientException("This address is none that a page here has given.") from error
    return room.show(
        "interests/conflicts.html",
        status=422 if problems else 200,
        mine=[_line(each) for each in standing if each.agent == room.person.id],
        others=[_line(each) | {"reason": each.reason} for each in standing] if reads_all else [],
        reads_all=reads_all,
        written=written,
        earlier=f"{CONFLICTS}?{urlencode({'apres': earlier})}#written" if earlier else "",
        later=f"{CONFLICTS}#written" if cursor else "",
        kinds=[("", ""), *((kind, kind_words(kind)) for kind in KINDS)],
        values={"kind": "", "words": "", "reason": "", **values},
        problems=problems,
        most_words=MOST_WORDS,
        most_reason=MOST_REASON,
        done=room.request.query_params.get("fait", ""),
    )


def _line(interest: DeclaredInterest) -> dict[str, Any]:
    return {
        "id": str(interest.id),
        "name": interest.name,
        "kind": kind_words(interest.kind),
        "words": interest.words,
        "made_at": interest.made_at,
    }


def kind_words(kind: str) -> str:
    """What a declaration is about."""
    return {
        "address": gettext("Address"),
        "street": gettext("Street"),
        "person": gettext("Person"),
        "organisation": gettext("Organization"),
    }[kind]


def works_here(room: DeskContext) -> bool:
    """Whether the person sees requests of this town, or answers for their privacy."""
    return bool({"see", "privacy"} & room.rights)


LINK = PageLink(
    slot="desk.menu",
    path=CONFLICTS,
    guide="docs/roles#conflicts-of-interest",
    after="/bureau/regles",
    text=lambda: gettext("Conflicts of interest"),
    when=works_here,
    icon="lock",
    group=management,
)

"""Webhooks of the operator's towns: which there are and how they do; making one, and what is done to one of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.people.tokens import tokens
from parvis.requests.offered import types_of
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext, go
from parvis.web.operators.people import places_of
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_api_webhooks.collecting import begin_replay, first_id
from parvis_api_webhooks.deliveries import counts_of, deliveries_of
from parvis_api_webhooks.endpoints import (
    EVENTS,
    MOST,
    Changes,
    Endpoint,
    change_endpoint,
    change_secret,
    delete_endpoint,
    endpoints_of,
    find_endpoint,
    make_endpoint,
    resume,
)
from parvis_api_webhooks.requested import LONGEST_TITLE, LONGEST_URL, mistakes_in
from parvis_api_webhooks.sending import tell_ping
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

WEBHOOKS = f"{HOME}/webhooks"
ONE = f"{WEBHOOKS}/{{id:str}}"
OVERLAP = timedelta(hours=24)
LAST = 50  # deliveries that are shown


@get(WEBHOOKS)
async def show_webhooks(room: AtOperations) -> Response[Any]:
    return await _list(room)


@post(WEBHOOKS, status_code=200)
async def make(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """A new webhook: its secret stands on this one answer and nowhere else."""
    sent = await typed(request)
    places = [each.partition("/") for each in _several(sent, "where") if each]
    town = room.host.jurisdictions.get(next(iter(dict.fromkeys(code for code, _, _ in places)), ""))
    if town is None or not room.runs(town.code) or len({code for code, _, _ in places}) > 1:
        wrong = Problem(path="where", code="required", message=_both(gettext("Choose a town, or units of it.")))
        return await _list(room, problems=Problems(found=(wrong,)), sent=sent)
    whole = any(not unit for _, _, unit in places)
    given: dict[str, Any] = {
        "title": " ".join(sent.text("title").split()),
        "url": sent.text("url").strip(),
        "events": _several(sent, "events"),
        "units": () if whole else tuple(unit for _, _, unit in places),
        "types": _several(sent, "types"),
    }
    found = tuple(
        Problem(path=each.path.partition(".")[0], code=each.code, message=_both(each.words))
        for each in mistakes_in(room.host, town, None, given)
    )
    if found or len(await endpoints_of(town.code)) >= MOST:
        full = Problem(path="title", code="too_many", message=_both(gettext("This town has too many webhooks.")))
        return await _list(room, problems=Problems(found=found or (full,)), sent=sent)
    made = await make_endpoint(room.host, jurisdiction=town.code, **given)
    room.note("make webhook", webhook=str(made.id))
    return await _one(room, made, secret=made.secrets(room.host)[0])


@get(ONE)
async def show_webhook(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    return await _one(room, await _there(room, id))


@post(f"{ONE}/pause")
async def pause_or_resume(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Resumed here, it is the operator's own: a token that is no longer in force holds it up no more."""
    endpoint, sent = await _there(room, id), await typed(request)
    wanted = sent.text("do")
    version = int(sent.text("version")) if sent.text("version").isdecimal() else -1
    changed: Changes = {"state": "paused", "why": "asked"} if wanted == "pause" else {"owner": ""}
    if not isinstance(await change_endpoint(room.host.engine, endpoint.id, version, changed), Endpoint):
        return go(f"{WEBHOOKS}/{id}?fait=change")
    if wanted != "pause":
        await resume(room.host.engine, endpoint.id)
    room.note("pause webhook" if wanted == "pause" else "resume webhook", webhook=id)
    return go(f"{WEBHOOKS}/{id}?fait=fait")


@post(f"{ONE}/essai", status_code=200)
async def try_out(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    endpoint = await _there(room, id)
    return await _one(room, endpoint, answer=await tell_ping(room.host, endpoint))


@post(f"{ONE}/secret", status_code=200)
async def renew_secret(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    """A new secret, shown once; the previous one signs for another day."""
    endpoint = await _there(room, id)
    changed = await change_secret(room.host, endpoint.id, OVERLAP)
    if changed is None:
        return go(WEBHOOKS)
    room.note("renew webhook secret", webhook=id)
    return await _one(room, changed, secret=changed.secrets(room.host)[0])


@post(f"{ONE}/reprise")
async def replay(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Everything is told again from the beginning of a day in the town's time, or from an hour of it."""
    endpoint, given = await _there(room, id), (await typed(request)).text("since")
    town = room.host.jurisdictions.get(endpoint.jurisdiction)
    try:
        since = moment_in(given, town.time_zone if town else "UTC")
    except ValueError:
        return go(f"{WEBHOOKS}/{id}?fait=jour")
    await begin_replay(room.host.engine, endpoint.id, first_id(since))
    room.note("replay webhook", webhook=id, since=since.isoformat())
    return go(f"{WEBHOOKS}/{id}?fait=reprise")


@post(f"{ONE}/suppression")
async def delete(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    endpoint = await _there(room, id)
    await delete_endpoint(room.host.engine, endpoint.id)
    room.note("delete webhook", webhook=id)
    return go(f"{WEBHOOKS}?fait=supprime")


def moment_in(given: str, time_zone: str) -> datetime:
    """The moment that was typed as a date, or as a date with an hour; ValueError for anything else."""
    at = datetime.fromisoformat(given.strip()[:16])
    if not 1900 <= at.year <= 2200:
        raise ValueError(given)
    return at.replace(tzinfo=ZoneInfo(time_zone))


async def _there(room: OperatorContext, id: str) -> Endpoint:
    try:
        endpoint = await find_endpoint(UUID(id))
    except ValueError:
        endpoint = None
    if endpoint is None or not room.runs(endpoint.jurisdiction):
        raise NotFoundException(gettext("This webhook does not exist."))
    return endpoint


async def _list(
    room: OperatorContext, *, problems: Problems | None = None, sent: FormInput | None = None
) -> Response[Any]:
    every = [each for each in await endpoints_of() if room.runs(each.jurisdiction)]
    types = {each.code: i18n.say(each.title) for town in room.towns for each in types_of(room.host, town)}
    names = ("where", "events", "types")
    return room.show(
        "api_webhooks/webhooks.html",
        status=422 if problems else 200,
        webhooks=[(each, room.town_name(each.jurisdiction), await counts_of(each.id)) for each in every],
        problems=problems,
        questions={
            "title": ShortText(code="title", label=_both(gettext("Program to notify")), max_length=LONGEST_TITLE),
            "url": ShortText(code="url", label=_both(gettext("Address (https)")), max_length=LONGEST_URL),
            "where": ShortText(code="where", label=_both(gettext("Towns and units"))),
            "events": ShortText(code="events", label=_both(gettext("Events"))),
            "types": ShortText(code="types", label=_both(gettext("Request types")), required=False),
        },
        values={
            "title": sent.text("title") if sent else "",
            "url": sent.text("url") if sent else "",
            **{name: _several(sent, name) if sent else EVENTS if name == "events" else () for name in names},
        },
        places=[(code, name, "") for code, name in places_of(room) if code],
        events=[(code, words, code) for code, words in event_names().items()],
        types=[(code, title, "") for code, title in sorted(types.items(), key=lambda one: one[1].casefold())],
    )


async def _one(
    room: OperatorContext, endpoint: Endpoint, *, secret: str = "", answer: tuple[bool, str] | None = None
) -> Response[Any]:
    owner = next((each.name for each in await tokens(room.host.engine) if each.handle == endpoint.owner), "")
    return room.show(
        "api_webhooks/webhook.html",
        webhook=endpoint,
        town=room.town_name(endpoint.jurisdiction),
        owner=owner,
        secret=secret,
        answer=answer,
        counts=await counts_of(endpoint.id),
        deliveries=await deliveries_of(endpoint.id, most=LAST),
        events=event_names(),
        page_path=f"{WEBHOOKS}/{endpoint.id}",
    )


def event_names() -> dict[str, str]:
    """What each event is called."""
    return {
        "submitted": gettext("A request was received"),
        "moved": gettext("A step was completed"),
        "happened": gettext("A milestone was reached, such as a paid fee"),
        "assigned": gettext("A request was assigned to a unit"),
        "amended": gettext("A request was corrected"),
        "erased": gettext("Personal information was destroyed"),
    }


def _several(sent: FormInput, name: str) -> tuple[str, ...]:
    given = sent.values.get(name, ())
    each = (given,) if isinstance(given, str) else (one for one in given if isinstance(one, str))
    return tuple(dict.fromkeys(each))


def _both(words: str) -> Text:
    """Words that are in the person's language already."""
    return Text(fr=words, en=words)


LINK = PageLink(
    slot="operators.menu",
    path=WEBHOOKS,
    after="/exploitation/jetons",
    text=lambda: gettext("Webhooks"),
    guide="docs/webhooks#by-the-api",
)

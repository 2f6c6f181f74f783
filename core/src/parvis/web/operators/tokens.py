"""Tokens of the API: which there are, making one that is shown this once, ending one."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.modules import KeyScope
from parvis.people.tokens import SCOPES, make_token, revoke_token
from parvis.people.tokens import tokens as all_tokens
from parvis.web.links import PageLink
from parvis.web.operators.context import TOKENS, AtOperations, OperatorContext, go
from parvis.web.operators.people import places_of
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

LASTS = (30, 90, 365)
USUAL = 365
LONGEST_NAME = 120


@get(TOKENS)
async def show_tokens(request: AnyRequest) -> Response[Any]:
    return await _page(OperatorContext(request))


@post(TOKENS, status_code=200)
async def make(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """A new token: its key stands on this one answer and nowhere else."""
    sent = await typed(request)
    given = read(room, sent)
    if isinstance(given, Problems):
        return await _page(room, problems=given, sent=sent)
    key, made = await make_token(room.host.engine, **given)
    room.note("make token", token=made.handle, scopes=",".join(made.scopes))
    return await _page(room, key=key, made=made)


@post(f"{TOKENS}/revocation")
async def revoke(room: AtOperations, request: AnyRequest) -> Response[Any]:
    sent = await typed(request)
    handle = sent.text("handle")
    known = {each.handle for each in await all_tokens(room.host.engine) if room.runs(each.jurisdiction)}
    if handle not in known or not await revoke_token(room.host.engine, handle):
        return go(f"{TOKENS}?fait=refuse")
    room.note("revoke token", token=handle)
    return go(f"{TOKENS}?fait=revoque")


def read(room: OperatorContext, sent: FormInput) -> dict[str, Any] | Problems:
    """What the form asks for, or everything that is wrong with it."""
    found: list[Problem] = []
    name = " ".join(sent.text("name").split())
    if not name or len(name) > LONGEST_NAME:
        found.append(_wrong("name", gettext("Enter the name of the program that will use it.")))
    jurisdiction, _, unit = sent.text("where").partition("/")
    town = room.host.jurisdictions.get(jurisdiction)
    if town is None or not room.runs(jurisdiction) or (unit and town.unit(unit) is None):
        found.append(_wrong("where", gettext("Choose a town, or one of its units.")))
    wanted = scopes_in(sent)
    added = room.host.modules.scopes(town)
    if not wanted or any(scope not in {*SCOPES, *(each.name for each in added)} for scope in wanted):
        found.append(_wrong("scopes", gettext("Choose at least one scope.")))
    days = sent.text("lasts")
    if days not in map(str, (*LASTS, 0)):
        found.append(_wrong("lasts", gettext("Choose a validity.")))
    if found or town is None:
        return Problems(found=tuple(found))
    ends = _end_of(int(days), town.time_zone)
    return {
        "name": name,
        "jurisdiction": jurisdiction,
        "unit_code": unit,
        "scopes": wanted,
        "ends_at": ends,
        "added": added,
    }


def scopes_in(sent: FormInput) -> tuple[str, ...]:
    given = sent.values.get("scopes", ())
    return (given,) if isinstance(given, str) else tuple(each for each in given if isinstance(each, str))


def known_scopes(room: OperatorContext) -> dict[str, KeyScope]:
    """Those of the core, and those that modules add in some town that this operator runs."""
    added = (scope for town in room.towns for scope in room.host.modules.scopes(town))
    return SCOPES | {each.name: each for each in added}


async def _page(
    room: OperatorContext,
    *,
    problems: Problems | None = None,
    sent: FormInput | None = None,
    key: str = "",
    made: Any = None,
) -> Response[Any]:
    every = [each for each in await all_tokens(room.host.engine) if room.runs(each.jurisdiction)]
    lasts = [(str(days), i18n.format_duration(timedelta(days=days))) for days in LASTS]
    return room.show(
        "tokens.html",
        status=422 if problems else 200,
        tokens=every,
        key=key,
        made=made,
        problems=problems,
        questions={
            "name": ShortText(code="name", label=_both(gettext("Program that will use it")), max_length=LONGEST_NAME),
            "scopes": ShortText(code="scopes", label=_both(gettext("Scopes"))),
        },
        values={
            "name": sent.text("name") if sent else "",
            "where": sent.text("where") if sent else "",
            "scopes": scopes_in(sent) if sent else (),
            "lasts": sent.text("lasts") if sent else str(USUAL),
        },
        places=places_of(room),
        lasts=[*lasts, ("0", gettext("Until it is revoked"))],
        scopes=[(each.name, i18n.say(each.title), each.name) for each in known_scopes(room).values()],
        now=clock.now(),
    )


def _end_of(days: int, time_zone: str) -> datetime | None:
    """The end of the last day, in the town's time."""
    if not days:
        return None
    zone = ZoneInfo(time_zone)
    last = (clock.now() + timedelta(days=days)).astimezone(zone).date()
    return datetime.combine(last + timedelta(days=1), time(), zone)


def _wrong(path: str, words: str) -> Problem:
    return Problem(path=path, code="required", message=_both(words))


def _both(words: str) -> Text:
    """Words that are in the person's language already."""
    return Text(fr=words, en=words)


LINK = PageLink(slot="operators.menu", path=TOKENS, after="/exploitation/personnes", text=lambda: gettext("API tokens"))

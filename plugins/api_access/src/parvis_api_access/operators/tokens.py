"""Tokens and OAuth clients: which there are, what ends soon, making one whose key or secret is shown this once."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from msgspec import Struct

from parvis import clock, i18n
from parvis.i18n import gettext, ngettext
from parvis.modules import KeyScope
from parvis.people.tokens import SCOPES, MachineToken, TokenLimits, make_token, revoke_token
from parvis.people.tokens import tokens as all_tokens
from parvis.requests.offered import types_of
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext, go
from parvis.web.operators.overview import Concern
from parvis.web.operators.people import places_of
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_api_access.clients import new_secret
from parvis_api_access.heard import SOON, ending_soon
from parvis_sdk.fields import ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

TOKENS = f"{HOME}/jetons"
LASTS = (30, 90, 365)
USUAL = 365
LONGEST_NAME = 120


class NewToken(Struct, frozen=True, kw_only=True):
    """What the form asks for."""

    name: str
    jurisdiction: str
    limits: TokenLimits
    scopes: tuple[str, ...]
    ends_at: datetime | None
    added: tuple[KeyScope, ...]


@get(TOKENS)
async def show_tokens(room: AtOperations) -> Response[Any]:
    return await _page(room)


@post(TOKENS, status_code=200)
async def make(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """A new token or client: its key or secret stands on this one answer and nowhere else."""
    sent = await typed(request)
    given = read(room, sent)
    if isinstance(given, Problems):
        return await _page(room, problems=given, sent=sent)
    wanted = {name: getattr(given, name) for name in NewToken.__struct_fields__}
    key, made = await make_token(room.host.engine, **wanted)
    if made.is_client:
        key = await new_secret(room.host.engine, made.handle)
    limited = {"units": ",".join(made.units), "types": ",".join(made.types)}
    room.note("make token", token=made.handle, scopes=",".join(made.scopes), **limited)
    return await _page(room, key=key, made=made)


@post(f"{TOKENS}/revocation")
async def revoke(room: AtOperations, request: AnyRequest) -> Response[Any]:
    handle = (await typed(request)).text("handle")
    if await token_at(room, handle) is None or not await revoke_token(room.host.engine, handle):
        return go(f"{TOKENS}?fait=refuse")
    room.note("revoke token", token=handle)
    return go(f"{TOKENS}?fait=revoque")


async def token_at(room: OperatorContext, handle: str) -> MachineToken | None:
    """The token of that name in a town that the operator runs."""
    found = (each for each in await all_tokens(room.host.engine) if each.handle == handle)
    return next((each for each in found if room.runs(each.jurisdiction)), None)


def read(room: OperatorContext, sent: FormInput) -> NewToken | Problems:
    """What the form asks for, or everything that is wrong with it."""
    found: list[Problem] = []
    name = " ".join(sent.text("name").split())
    if not name or len(name) > LONGEST_NAME:
        found.append(wrong("name", gettext("Enter the name of the program that will use it.")))
    places = [each.partition("/") for each in several(sent, "where") if each]
    named = {code for code, _, _ in places}
    units = tuple(dict.fromkeys(unit for _, _, unit in places if unit))
    town = room.host.jurisdictions.get(next(iter(named), ""))
    if len(named) > 1:
        found.append(wrong("where", gettext("Choose units of one town only.")))
    elif town is None or not room.runs(town.code) or any(town.unit(unit) is None for unit in units):
        found.append(wrong("where", gettext("Choose a town, or units of it.")))
    types = several(sent, "types")
    offered = {each.code for each in types_of(room.host, town)} if town else set[str]()
    if town is not None and len(named) == 1 and not {*types} <= offered:
        found.append(wrong("types", gettext("This town does not offer one of these request types.")))
    wanted, added = several(sent, "scopes"), room.host.modules.scopes(town)
    if not wanted or not {*wanted} <= {*SCOPES, *(each.name for each in added)}:
        found.append(wrong("scopes", gettext("Choose at least one scope.")))
    days = sent.text("lasts")
    if days not in map(str, (*LASTS, 0)):
        found.append(wrong("lasts", gettext("Choose a validity.")))
    if found or town is None:
        return Problems(found=tuple(found))
    whole = any(not unit for _, _, unit in places)  # the town itself is chosen beside its units
    return NewToken(
        name=name,
        jurisdiction=town.code,
        limits=TokenLimits(units=() if whole else units, types=types, is_client=sent.text("kind") == "client"),
        scopes=wanted,
        ends_at=end_of(int(days), town.time_zone),
        added=added,
    )


def several(sent: FormInput, name: str) -> tuple[str, ...]:
    """The boxes of that name that were ticked."""
    given = sent.values.get(name, ())
    each = (given,) if isinstance(given, str) else (one for one in given if isinstance(one, str))
    return tuple(dict.fromkeys(each))


def known_scopes(room: OperatorContext) -> dict[str, KeyScope]:
    """Those of the core, and those that modules add in some town that this operator runs."""
    added = (scope for town in room.towns for scope in room.host.modules.scopes(town))
    return SCOPES | {each.name: each for each in added}


def lasts() -> list[tuple[str, str]]:
    """How long a key may be valid, for a list to choose from."""
    days = [(str(each), i18n.format_duration(timedelta(days=each))) for each in LASTS]
    return [*days, ("0", gettext("Until it is revoked"))]


def shown(room: OperatorContext, token: MachineToken) -> dict[str, Any]:
    """A token as the pages show it, with its units and types in words."""
    town, now = room.host.jurisdictions.get(token.jurisdiction), clock.now()
    units = [unit.name if (unit := town.unit(code) if town else None) else code for code in token.units]
    named = {each.code: each.title for each in types_of(room.host, town)} if town else {}
    return {
        "token": token,
        "town": room.town_name(token.jurisdiction),
        "units": [i18n.say(each) if isinstance(each, Text) else each for each in units],
        "types": [i18n.say(named[code]) if code in named else code for code in token.types],
        "over": token.ends_at is not None and token.ends_at <= now,
        "soon": token.ends_at is not None and now < token.ends_at <= now + SOON,
        "page": f"{TOKENS}/{token.handle}",
    }


async def _page(
    room: OperatorContext,
    *,
    problems: Problems | None = None,
    sent: FormInput | None = None,
    key: str = "",
    made: MachineToken | None = None,
) -> Response[Any]:
    every = [shown(room, each) for each in await all_tokens(room.host.engine) if room.runs(each.jurisdiction)]
    types = {each.code: i18n.say(each.title) for town in room.towns for each in types_of(room.host, town)}
    return room.show(
        "api_access/tokens.html",
        status=422 if problems else 200,
        tokens=every,
        key=key,
        made=made,
        problems=problems,
        questions={
            "name": asked("name", gettext("Program that will use it")),
            "kind": asked("kind", gettext("How it signs in")),
            "where": asked("where", gettext("Towns and units")),
            "types": asked("types", gettext("Request types"), required=False),
            "scopes": asked("scopes", gettext("Scopes")),
        },
        values={
            "name": sent.text("name") if sent else "",
            "kind": sent.text("kind") or "token" if sent else "token",
            "where": several(sent, "where") if sent else (),
            "types": several(sent, "types") if sent else (),
            "scopes": several(sent, "scopes") if sent else (),
            "lasts": sent.text("lasts") if sent else str(USUAL),
        },
        kinds=[
            ("token", gettext("Token"), gettext("One long key, sent with each call.")),
            ("client", gettext("OAuth client"), gettext("A name and a secret, for access tokens of one hour.")),
        ],
        places=[(code, name, "") for code, name in places_of(room) if code],
        types=[(code, title, "") for code, title in sorted(types.items(), key=lambda one: one[1].casefold())],
        lasts=lasts(),
        scopes=[(each.name, i18n.say(each.title), each.name) for each in known_scopes(room).values()],
    )


def asked(code: str, label: str, *, required: bool = True) -> ShortText:
    return ShortText(code=code, label=both(label), required=required, max_length=LONGEST_NAME)


def end_of(days: int, time_zone: str) -> datetime | None:
    """The end of the last day, in the town's time; None for ever."""
    if not days:
        return None
    zone = ZoneInfo(time_zone)
    last = (clock.now() + timedelta(days=days)).astimezone(zone).date()
    return datetime.combine(last + timedelta(days=1), time(), zone)


def wrong(path: str, words: str) -> Problem:
    return Problem(path=path, code="required", message=both(words))


def both(words: str) -> Text:
    """Words that are in the person's language already."""
    return Text(fr=words, en=words)


async def count(room: OperatorContext) -> int:
    """Tokens of the operator's towns that end soon."""
    return sum(room.runs(each.jurisdiction) for each in await ending_soon(room.host))


ENDING = Concern(
    slot="operators.overview",
    name="tokens",
    count=count,
    words=lambda many: (
        ngettext("%(num)s API token expires within 14 days", "%(num)s API tokens expire within 14 days", many)
        % {"num": many}
    ),
    href=TOKENS,
)
LINK = PageLink(slot="operators.menu", path=TOKENS, after="/exploitation/personnes", text=lambda: gettext("API tokens"))

"""News of other systems that could not be placed: read, matched with a request, or dropped with a reason."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext, pgettext, say
from parvis.requests.records import find
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext, go
from parvis.web.operators.deliveries import LONGEST_REASON, id_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_connectors import unmatched_updates
from parvis_connectors.operators.connectors import may_see, reference_field, wrong_at
from parvis_connectors.unmatched_updates import State, UnmatchedUpdate
from parvis_sdk.fields import LongText
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

STRAYS = f"{HOME}/egarees"
PAGE = 50
ONE = STRAYS + "/{id:str}"
STATES: dict[str, State] = {"": "open", "rattachees": "matched", "ecartees": "dropped"}
CHIPS = {"open": "bad", "matched": "ok", "dropped": "plain"}


@get(STRAYS)
async def show_strays(room: AtOperations, request: AnyRequest) -> Response[Any]:
    query = request.query_params
    asked = str(query.get("etat", ""))
    asked = asked if asked in STATES else ""
    connector = str(query.get("connecteur", ""))[:60]
    before = id_in(str(query.get("avant", "")))
    found = await unmatched_updates.strays(STATES[asked], connector=connector, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return room.show(
        "connectors/strays.html",
        strays=[each for each in shown if may_settle(room, each.connector)],
        next_page=listed_at(asked, connector, avant=str(shown[-1].id)) if len(found) > PAGE else "",
        views=[(words, listed_at(state, connector), state == asked) for state, words in _views()],
        asked=asked,
        connector=connector,
        connectors=[
            ("", gettext("All")),
            *((name, title_of(room, name)) for name in sorted(room.host.plugins.connectors)),
        ],
        title_of=lambda name: title_of(room, name),
        reason_name=reason_name,
        said_by=said_by,
    )


@get(ONE)
async def show_stray(room: AtOperations, id: FromPath[str]) -> Response[Any]:
    return await stray_page(room, await stray_of(room, id))


@post(f"{ONE}/rattachement", status_code=200)
async def match_stray(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Say which request it is about; it is then taken in as if it had named it."""
    sent = await typed(request)
    found = await stray_of(room, id)
    reference = sent.text("reference").strip()[:40]
    if wrong := await wrong_match(room, reference):
        return await stray_page(room, found, wrong, reference=reference)
    became = await unmatched_updates.match(room.host, found.id, reference, room.person.name)
    if words := refusal(became):
        return await stray_page(room, found, wrong_at("reference", words), reference=reference)
    room.note("match stray", stray=str(found.id), connector=found.connector, became=became or "too late")
    return go(f"{STRAYS}/{found.id}?fait={'rattachee' if became else 'trop-tard'}")


@post(f"{ONE}/retrait", status_code=200)
async def drop_stray(room: AtOperations, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Let it go, with a reason that stays beside it."""
    sent = await typed(request)
    found = await stray_of(room, id)
    reason = sent.text("reason").strip()
    if not reason or len(reason) > LONGEST_REASON:
        words = gettext("Give a short reason.") if not reason else gettext("The text is too long.")
        return await stray_page(room, found, wrong_at("reason", words), reason=reason)
    dropped = await unmatched_updates.drop(room.host, found.id, room.person.name, reason)
    room.note("drop stray", stray=str(found.id), connector=found.connector, dropped=dropped)
    return go(f"{STRAYS}/{found.id}?fait={'ecartee' if dropped else 'trop-tard'}")


async def stray_page(
    room: OperatorContext,
    found: UnmatchedUpdate,
    problems: Problems | None = None,
    *,
    reference: str = "",
    reason: str = "",
) -> Response[Any]:
    """One piece of news, with what may be done about it."""
    return room.show(
        "connectors/stray.html",
        status=422 if problems else 200,
        stray=found,
        title=title_of(room, found.connector),
        known=found.connector in room.host.plugins.connectors,
        reason_name=reason_name,
        reason_means=reason_means,
        state_name=state_name,
        state_chip=CHIPS,
        said_by=said_by,
        problems=problems,
        reference=reference,
        reason=reason,
        reference_field=reference_field(),
        reason_field=drop_field(),
    )


async def stray_of(room: OperatorContext, id: str) -> UnmatchedUpdate:
    given = id_in(id)
    found = await unmatched_updates.stray(given) if given else None
    if found is None or not may_settle(room, found.connector):
        raise NotFoundException("There is no such piece of news.")
    return found


def may_settle(room: OperatorContext, name: str) -> bool:
    """Whether the person runs a town of the connector of news; what a plugin that is gone has left is anybody’s."""
    connector = room.host.plugins.connectors.get(name)
    return connector is None or may_see(room, connector)


async def wrong_match(room: OperatorContext, reference: str) -> Problems | None:
    """Why the update cannot be about this request."""
    if not reference:
        return wrong_at("reference", gettext("Enter the reference of a request."))
    record = await find(room.host, reference)
    if record is None:
        return wrong_at("reference", gettext("There is no request with this reference."))
    if not room.runs(record.jurisdiction):
        return wrong_at("reference", gettext("This request belongs to a town that you do not operate."))
    return None


def refusal(became: str | None) -> str:
    """Why it would not be taken in; nothing when it did, or when somebody else was faster."""
    return {
        "elsewhere": gettext("The town of this request has not enabled the plugin of this connector."),
        "erased": gettext("The personal information of this request was destroyed. Nothing can be added to it."),
        "unknown": gettext("There is no request with this reference."),
    }.get(became or "", "")


def said_by(found: UnmatchedUpdate) -> str:
    """What it says, in the language of the page."""
    return say(found.update.note) if found.update.note else ""


def title_of(room: OperatorContext, name: str) -> str:
    connector = room.host.plugins.connectors.get(name)
    return say(connector.title) if connector else name


def listed_at(state: str, connector: str, **more: str) -> str:
    query = urlencode(
        {name: value for name, value in {"etat": state, "connecteur": connector, **more}.items() if value}
    )
    return f"{STRAYS}?{query}" if query else STRAYS


def drop_field() -> LongText:
    words = gettext("Why no request is concerned")
    return LongText(code="reason", label=Text(fr=words, en=words), max_length=LONGEST_REASON, rows=3)


def reason_name(reason: str) -> str:
    """Why it could not be placed."""
    return {
        "unknown": gettext("no request found with this number"),
        "ambiguous": gettext("several requests have this number"),
        "foreign": gettext("another request already has this number"),
        "elsewhere": gettext("its town has not enabled the plugin"),
        "erased": gettext("its request was destroyed"),
    }.get(reason, reason)


def reason_means(reason: str) -> str:
    """What usually lies behind it."""
    return {
        "unknown": gettext(
            "It was probably created by hand in that system, or its request was sent before this connector existed."
        ),
        "ambiguous": gettext(
            "In that system, one item corresponds to several requests. Choose which one the update is about."
        ),
        "foreign": gettext(
            "It names one request by our reference and another by its own number. Check both in the "
            "other system before you choose."
        ),
        "elsewhere": gettext("The settings of the town name the plugins that may act for it."),
        "erased": gettext("Its text was not kept."),
    }.get(reason, "")


def state_name(state: str) -> str:
    return {
        "open": pgettext("stray", "needs attention"),
        "matched": pgettext("stray", "matched"),
        "dropped": pgettext("stray", "dismissed"),
    }[state]


def _views() -> list[tuple[str, str]]:
    return [
        ("", pgettext("strays", "To be processed")),
        ("rattachees", pgettext("strays", "Attached")),
        ("ecartees", pgettext("strays", "Dismissed")),
    ]


LINK = PageLink(
    slot="operators.menu",
    path=STRAYS,
    guide="docs/operations#connectors",
    after="/exploitation/connecteurs",
    text=lambda: gettext("Unmatched updates"),
)

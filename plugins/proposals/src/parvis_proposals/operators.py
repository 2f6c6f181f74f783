"""What plugins may find, correct and propose in each town: granted and revoked by operators, with name and date."""

from typing import Any

from litestar import Response, get, post

from parvis import i18n
from parvis.i18n import gettext, ngettext
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, PLUGINS, AtOperations, OperatorContext, go
from parvis.web.operators.deliveries import event_name
from parvis.web.operators.overview import Concern
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_proposals.granting import DeclaredScope, decide_scope, declared_scopes
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

SCOPES = f"{HOME}/portees"
LONGEST_REASON = 500
NEEDS: dict[str, Text] = {
    "contact": Text(fr="les coordonnées", en="the contact details"),
    "personal": Text(fr="les réponses personnelles", en="the personal answers"),
    "followers": Text(fr="les personnes abonnées", en="followers"),
    "attachments": Text(fr="les fichiers", en="the files"),
    "fees": Text(fr="les frais", en="the fees"),
}


@get(SCOPES)
async def show_scopes(room: AtOperations) -> Response[Any]:
    """Every scope that is declared, in each town that the person runs."""
    found = await declared_scopes(room.host, room.towns)
    return room.show("proposals/scopes.html", scopes=[_shown(room, each) for each in found])


@post(SCOPES)
async def decide_one(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Grant or revoke what one noun declares in one town."""
    sent = await typed(request)
    wanted, town, granted = sent.text("souscription"), sent.text("ville"), sent.text("decision") == "autoriser"
    found = await declared_scopes(room.host, room.towns)
    scope = next((each for each in found if (each.seeker.name, each.town.code) == (wanted, town)), None)
    if scope is None:
        return go(f"{SCOPES}?fait=refuse")
    if granted and sent.text("lu") != scope.mark:  # another version than the one that was read
        return go(f"{SCOPES}?fait=change")
    reason = sent.text("raison").strip()[:LONGEST_REASON]
    actor = Actor(kind="agent", id=str(room.person.id), name=room.person.name)
    await decide_scope(room.host, scope.town, scope.seeker, granted=granted, actor=actor, reason=reason)
    room.note("grant scope" if granted else "revoke scope", subscription=wanted, town=town)
    return go(f"{SCOPES}?fait={'autorise' if granted else 'retire'}")


def _shown(room: OperatorContext, scope: DeclaredScope) -> dict[str, Any]:
    noun: Any = scope.seeker.noun
    return {
        "scope": scope,
        "town": i18n.say(scope.town.name),
        "title": None if scope.seeker.is_heard else noun.title,
        "kind": type(noun).__name__,
        "finds": [
            {
                "types": [_title(room.host, code) for code in each.types],
                "answers": _labels(room.host, each.types, each.answers),
                "place": each.place,
                "personal": "personal" in each.needs,
                "steps": _steps(room.host, each.types, each.moves),
            }
            for each in scope.seeker.noun.finds
        ],
        "needs": [NEEDS.get(each, Text(fr=each)) for each in getattr(noun, "needs", ())],
        "types": [_title(room.host, code) for code in getattr(noun, "types", ())],
        "hears": [*(event_name(each) for each in getattr(noun, "events", ())), *getattr(noun, "facts", ())],
        "corrects": _labels(room.host, noun.types, noun.corrects) if scope.seeker.is_heard else [],
    }


def _title(host: Host, code: str) -> Text:
    found = host.plugins.request_type(code)
    return found.title if found is not None else Text(fr=code)


def _types(host: Host, codes: tuple[str, ...]) -> list[RequestType]:
    return [each for code in codes if (each := host.plugins.request_type(code)) is not None]


def _labels(host: Host, types: tuple[str, ...], codes: tuple[str, ...]) -> list[Text]:
    fields = {field.code: field for each in _types(host, types) for field in each.form.fields()}
    return [fields[code].label if code in fields else Text(fr=code) for code in codes]


def _steps(host: Host, types: tuple[str, ...], codes: tuple[str, ...]) -> list[Text]:
    moves = {one.code: one for each in _types(host, types) for one in each.workflow.transitions}
    return [moves[code].title if code in moves else Text(fr=code) for code in codes]


async def count(room: OperatorContext) -> int:
    """Scopes about which nobody has decided, or that are declared otherwise since."""
    return sum(each.standing in ("never", "changed") for each in await declared_scopes(room.host, room.towns))


WAITING = Concern(
    slot="operators.overview",
    name="scopes",
    count=count,
    words=lambda many: (
        ngettext(
            "%(num)s scope of a plugin waits for a decision", "%(num)s scopes of plugins wait for a decision", many
        )
        % {"num": many}
    ),
    href=SCOPES,
)
LINK = PageLink(
    slot="operators.menu",
    path=SCOPES,
    guide="docs/hooks#finding-other-requests",
    after=PLUGINS,
    text=lambda: gettext("Scopes of plugins"),
)


async def standing_box(room: OperatorContext, about: None) -> Panel | None:
    """On the page of plugins: which scopes each of them asks for, and which town has granted them."""
    found = await declared_scopes(room.host, room.towns)
    by_name: dict[str, list[tuple[str, DeclaredScope]]] = {}
    for each in found:
        by_name.setdefault(each.seeker.name, []).append((i18n.say(each.town.name), each))
    return Panel(template="proposals/standing.html", values={"scopes": by_name, "path": SCOPES}) if found else None


STANDING: PagePanel[OperatorContext, None] = PagePanel(
    slot="operators.plugins", name="scopes", title=lambda: gettext("Scopes of plugins"), draw=standing_box
)

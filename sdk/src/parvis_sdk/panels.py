"""Panels: what a plugin shows on the page of one request, at the desk, to its requester, or to everybody.

async def order(request: ServiceRequest, connection: Connection) -> tuple[Content, ...]:
    number = request.external_references.get("crew")
    return (Facts(rows=(Fact(label=Text(fr="Bon", en="Order"), value=number),)),) if number else ()

Panel(code="order", title=Text(fr="Travaux", en="Works"), shown_to=("desk", "requester"), show=order)
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from typing import Any, Literal, get_args

from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, text_mistakes
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.finding import Scope
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.scope_mistakes import reading_mistakes
from parvis_sdk.text import Text

Viewers = Literal["desk", "requester", "public"]
PanelNeed = Literal["contact", "personal", "attachments", "fees"]
Show = Callable[[ServiceRequest, Connection], Awaitable[tuple[Content, ...]]]
SECONDS = 0.3  # that all panels of a page have, side by side
MOST_PANELS = 20  # of one plugin
MOST_SEARCHES = 3  # of one panel for one page
CODE = re.compile(r"[a-z][a-z0-9_-]{1,59}")


class Panel(Struct, frozen=True, kw_only=True):
    """A box on the page of one request. `code` is unique in its plugin; `types` narrows it down (empty: all).

    `show` is called each time the page is made and returns the contents of the box, or nothing for no box. All panels
    of a page run concurrently and have `SECONDS` together: answer from remembered values, and leave calls to other
    systems to connectors. A panel that is late, raises or returns anything else is left out of the page.

    `show` receives no more of the request than the reader may see: answers, place and files as on the page, and
    personal ones only with `needs`. Private links, followers and parties are never included. The plugin is responsible
    for what it adds: a panel with "requester" in `shown_to` is read by the requester and by anybody with their link,
    one with "public" by everybody; the latter has no `needs`.

    `connector` is the name of a connector of this plugin by whose memory `request.remembered` and
    `connection.remembered` are filled; "" is the plugin's own. The connection has a client, and no files.

    `finds` are the scopes in which a panel for the desk alone finds other requests (`connection.finder`), searching
    `MOST_SEARCHES` times for one page: nothing before an operator grants it, and no more than the person who looks may
    see. Nothing personal is told of them: link to the request (`RequestReference`), where reading it is noted.
    """

    code: str
    title: Text
    shown_to: tuple[Viewers, ...]
    show: Show
    types: tuple[str, ...] = ()
    needs: tuple[PanelNeed, ...] = ()
    connector: str = ""
    finds: tuple[Scope, ...] = ()

    @property
    def name(self) -> str:
        """What it is called among the nouns of its plugin."""
        return self.code

    def is_for(self, viewers: Viewers, request_type: str) -> bool:
        """Whether it is shown to these on requests of that type."""
        return viewers in self.shown_to and (not self.types or request_type in self.types)


BAD_CODE = Text(fr="il n’a pas de code utilisable", en="it has no usable code")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in lowercase letters, digits, _ and -"
)
TO_NOBODY = Text(fr="il n’est montré à personne de connu", en="it is shown to nobody that is known")
UNKNOWN_NEED = Text(fr="le besoin {need} est inconnu d’un panneau", en="a panel cannot need {need}")
ONE_OF = Text(fr="prenez parmi {offered}", en="take some of {offered}")
PUBLIC_NEEDS = Text(fr="ce que tous voient demande {needs}", en="what everybody sees needs {needs}")
TWO_PANELS = Text(fr="faites-en deux panneaux, dont un sans besoin", en="make two panels of it, one without needs")
FINDS_FOR_OTHERS = Text(
    fr="il trouve d’autres requêtes et n’est pas montré au bureau seul",
    en="it finds other requests and is not shown to the desk alone",
)
DESK_ALONE = Text(
    fr="écrivez shown_to=('desk',), ou faites-en deux panneaux",
    en="write shown_to=('desk',), or make two panels of it",
)
NOT_ASYNC = Text(fr="sa fonction show n’est pas async", en="its show is not async")
NOT_TWO = Text(
    fr="sa fonction show ne prend pas (request, connection)", en="its show does not take (request, connection)"
)
WRITE_IT = Text(
    fr="écrivez `async def {name}(request, connection)`", en="write `async def {name}(request, connection)`"
)
NOT_CODES = Text(fr="types n’est pas un tuple de codes", en="types is not a tuple of codes")
A_TUPLE = Text(fr="écrivez ('code',)", en="write ('code',)")
GIVE_TITLE = Text(fr="donnez-lui un titre dans les deux langues", en="give it a title in both languages")


UNKNOWN_TYPE = Text(fr="aucun type de requête n’a le code {code}", en="no request type has the code {code}")
NEVER_THERE = Text(fr="rien n’y est montré", en="nothing is shown there")
NOT_OURS = Text(fr="l’extension n’a pas de connecteur {connector}", en="the plugin has no connector {connector}")
NOT_FILLED = Text(fr="la mémoire d’un autre ne lui est pas donnée", en="it is not given what another one remembers")
CORRECT_IT = Text(fr="corrigez-le, ou retirez-le", en="correct it, or take it out")


def stray_mistakes(
    noun: str, types: Iterable[str], connector: str, known: Collection[str], own: Collection[str]
) -> Iterator[DeclarationMistake]:
    """Request types that a panel names and nobody declares, and a connector of another plugin."""
    for code in types:
        if code not in known:
            what = UNKNOWN_TYPE.format(code=repr(code))
            yield DeclarationMistake(where=noun, what=what, so_what=NEVER_THERE, now_what=CORRECT_IT)
    if connector and connector not in own:
        what = NOT_OURS.format(connector=repr(connector))
        yield DeclarationMistake(where=noun, what=what, so_what=NOT_FILLED, now_what=CORRECT_IT)


def panel_mistakes(panel: Panel) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one panel."""

    def mistake(what: Words, now_what: Text) -> DeclarationMistake:
        return DeclarationMistake(where=f"panel {panel.code!r}", what=what, now_what=now_what)

    if not CODE.fullmatch(str(panel.code)):
        yield mistake(BAD_CODE, SMALL_LETTERS)
    yield from (mistake(each.what, GIVE_TITLE) for each in text_mistakes("title", panel.title))
    known, offered = get_args(Viewers), get_args(PanelNeed)
    if not panel.shown_to or {*panel.shown_to} - {*known}:
        yield mistake(TO_NOBODY, ONE_OF.format(offered=", ".join(known)))
    for need in panel.needs:
        if need not in offered:
            yield mistake(UNKNOWN_NEED.format(need=repr(need)), ONE_OF.format(offered=", ".join(offered)))
    if "public" in panel.shown_to and panel.needs:
        yield mistake(PUBLIC_NEEDS.format(needs=", ".join(panel.needs)), TWO_PANELS)
    if panel.finds and panel.shown_to != ("desk",):
        yield mistake(FINDS_FOR_OTHERS, DESK_ALONE)
    yield from (mistake(*each) for each in reading_mistakes(panel.finds, on_a_page=True))
    if not _are_codes(panel.types):
        yield mistake(NOT_CODES, A_TUPLE)
    yield from (mistake(what, WRITE_IT.format(name=called(panel.show))) for what in show_mistakes(panel.show))


def _are_codes(types: Any) -> bool:
    return isinstance(types, tuple) and all(isinstance(each, str) for each in types)


def show_mistakes(show: Any, not_two: Text = NOT_TWO, not_async: Text = NOT_ASYNC) -> Iterator[Text]:
    """Why a function cannot be called as a panel: it is not async, or does not take two arguments."""
    if not callable(show) or not inspect.iscoroutinefunction(show if inspect.isroutine(show) else type(show).__call__):
        yield not_async
        return
    try:
        inspect.signature(show).bind(None, None)
    except TypeError:
        yield not_two


def called(show: Any) -> str:
    """What a function is called."""
    return str(getattr(show, "__name__", "show"))

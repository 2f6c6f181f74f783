"""The ready texts of a town as a list: what is offered and in which order, what is retired, and one's own."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext
from parvis.web.desk.context import AtDesk, DeskContext, go, title_of, unit_name
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_canned_replies.kept import Version, last_of, retire, texts_of, throw_away
from parvis_canned_replies.ordering import Step, move
from parvis_canned_replies.ready_texts import ReadyText
from parvis_canned_replies.used import DAYS, used_lately

TEXTS = "/bureau/textes"
NEW, NEW_OWN = f"{TEXTS}/nouveau", f"{TEXTS}/nouveau-a-moi"
OF_TOWN, OF_ONE = f"{TEXTS}/ville/{{code:str}}", f"{TEXTS}/a-moi/{{code:str}}"


class Line(Struct, frozen=True, kw_only=True):
    """One text as it is listed: for which types and units it is, how often it was used lately, and
    whether the person may change it.
    """

    version: Version
    address: str
    wanted_for: str
    may_write: bool
    used: int | None


def is_own(room: DeskContext) -> bool:
    """Whether this page is about a text that the person keeps for themselves."""
    return room.request.url.path.startswith((f"{TEXTS}/a-moi/", NEW_OWN))


def address_of(code: str, *, own: bool, step: str = "") -> str:
    return f"{TEXTS}/{'a-moi' if own else 'ville'}/{code}{f'/{step}' if step else ''}"


def demand_writer(room: DeskContext, *, own: bool) -> None:
    """Agents who write to residents keep replies of their own; the town's replies need the right `route`."""
    room.demand("work" if own else "route")
    if not own and not may_add(room):
        raise PermissionDeniedException("This needs the right 'route' over whole units, wherever their requests lie.")


def may_add(room: DeskContext) -> bool:
    """Whether there is any unit for which the person may write what residents read."""
    return room.scope("route").whole_units != frozenset()


def may_write(room: DeskContext, ready: ReadyText) -> bool:
    """A reply for the whole town needs the right over the whole town, one for some units over all of these."""
    units = room.scope("route").whole_units
    return units is None or (bool(ready.units) and units.issuperset(ready.units))


async def text_to_write(room: DeskContext, code: str) -> Version:
    """The present text at this address, for agents who may change it."""
    own = is_own(room)
    demand_writer(room, own=own)
    last = await last_of(room.town, code, room.person.id if own else "")
    if last is None:
        raise NotFoundException("There is no such text.")
    if not own and not may_write(room, last.ready):
        raise PermissionDeniedException("This needs the right 'route' over every unit that the text is for.")
    return last


@get(TEXTS)
async def show_texts(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The canned replies that the agent may choose from; those who may edit them also see how."""
    room.demand("see")
    texts, own = await texts_of(room.town, room.person.id)
    used = await used_lately(room.town)
    return room.show(
        "canned_replies/list.html",
        lines=_lines(room, [each for each in texts if not each.retired], used),
        retired=_lines(room, [each for each in texts if each.retired], used),
        days=DAYS,
        own=_lines(room, own) if "work" in room.rights else None,
        may_add=may_add(room),
        may_order=room.scope("route").is_whole,
        done=request.query_params.get("fait", ""),
    )


def _lines(room: DeskContext, texts: Sequence[Version], used: Mapping[str, int] | None = None) -> list[Line]:
    return [
        Line(
            version=each,
            address=address_of(each.ready.code, own=bool(each.owner)),
            wanted_for=", ".join(
                [title_of(room, code) for code in each.ready.types]
                + [unit_name(room.town, code) for code in each.ready.units]
            ),
            may_write=bool(each.owner) or may_write(room, each.ready),
            used=used.get(each.ready.code, 0) if used is not None else None,
        )
        for each in texts
    ]


@post(f"{OF_TOWN}/place", status_code=200)
async def place_text(room: AtDesk, request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """One place up or down in the list from which everybody chooses."""
    await text_to_write(room, code)
    if not room.scope("route").is_whole:
        raise PermissionDeniedException("This needs the right 'route' over the whole town.")
    step: Step = "up" if (await typed(request)).text("_up") else "down"
    await move(room.host, room.town, code, step)
    return go(f"{TEXTS}#text-{code}")


@post(f"{OF_TOWN}/retrait", status_code=200)
async def retire_text(room: AtDesk, request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Offer a text no more, if it is still as it was seen."""
    await text_to_write(room, code)
    seen = seen_in(await typed(request))
    number = await retire(room.host, room.town, code, seen=seen, actor=room.actor)
    return go(f"{TEXTS}?fait={'depasse' if number is None else 'retire'}#main")


@post(f"{OF_ONE}/suppression", status_code=200)
async def throw_text_away(room: AtDesk, code: FromPath[str]) -> Response[Any]:
    """Destroy a text of one's own."""
    await text_to_write(room, code)
    await throw_away(room.host, room.town, code, room.person.id)
    return go(f"{TEXTS}?fait=supprime#mine")


LINK = PageLink(
    slot="desk.procedures",
    path=TEXTS,
    guide="docs/desk#written-at-the-desk",
    after="/bureau/delais",
    text=lambda: gettext("Canned replies"),
    right="see",
)

BESIDE_REPLY = PageLink(
    slot="desk.reply",
    path=TEXTS,
    text=lambda: gettext("Canned replies and my replies"),
)


def seen_in(sent: FormInput) -> int:
    """Which version the person saw; one that there is not, where the form does not say so."""
    number = sent.number("seen")
    return -1 if number is None else number

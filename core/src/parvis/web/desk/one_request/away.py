"""The box of parts whose module is off or gone: what is kept of them, to be read; and going on without them."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.freeing import free
from parvis.requests.parts.part_kinds import ArchivedEntry, PartKind
from parvis.requests.parts.together import archived_parts, away, freed_from, name_of, names_of_kinds, part_kinds
from parvis.switches.deciding import reason
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, version_in, wrong
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_sdk.parts import Part, stored_part
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

FORM = "freed"
SAID_BESIDE = ("part", "code", "title")


@post(f"{CASE}/sans-module")
async def go_on_without(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Somebody who answers for the work says that the request goes on without these parts, and why."""
    record, sent = await room.record(reference, "route"), await typed(request)
    words = reason(sent.text("words"))
    values = {"words": words}
    if not words:
        return await refused(room, record, FORM, values, wrong(f"{FORM}-words", gettext("Give a short reason.")))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, values, seen)
    answer = await free(room.host, record.reference, words, actor=room.actor, expected=seen)
    return await answered(room, record, FORM, values, answer, "sans-module")


async def away_panel(room: DeskContext, case: Case) -> Panel | None:
    """Each of these parts with what is stored of it, and whether the request goes on without it."""
    known = part_kinds(room.host, room.town)
    freed = await freed_from(case.record.id, case.request_type, known)
    titles = names_of_kinds(room.host)
    filed = await _filed(room, case, known)
    parts = [
        {
            "title": i18n.say(part.title),
            "kind": i18n.say(titles[part.part]) if part.part in titles else part.part,
            "freed": name_of(part) in freed,
            "kept": [] if part.part in filed else [*_kept(part)],
        }
        for part in away(case.request_type, known)
    ]
    may_free = case.record.erased_at is None and room.may("route", case.record)
    held = any(not each["freed"] for each in parts)
    listed = [each for each in filed.values() if each[1]]
    values = {
        "parts": parts,
        "filed": listed,
        "held": held,
        "may_free": may_free and held,
        "version": case.record.version,
    }
    return Panel(template="parts/away.html", values=values)


async def _filed(
    room: DeskContext, case: Case, known: Mapping[str, PartKind]
) -> dict[str, tuple[Text, tuple[ArchivedEntry, ...]]]:
    """Of each kind of part that is away and still installed: what was filed in it, as its own module words it."""
    away_kinds = {part.part for part in away(case.request_type, known)}
    found = await archived_parts(room.host, room.viewer, case.record, case.request_type, away_kinds)
    return {word: (part.title, tuple(one for one in part.entries if one.title.fr)) for word, part in found.items()}


def _is_away(room: DeskContext, case: Case) -> bool:
    return bool(away(case.request_type, part_kinds(room.host, room.town)))


def _kept(part: Part) -> Iterator[tuple[str, str]]:
    """What is stored of a part beside its name, as far as people read it: no tariff in steps, no form."""
    stored: Mapping[str, Any] = msgspec.json.decode(bytes(stored_part(part)))
    for name, value in stored.items():
        if name not in SAID_BESIDE and (words := _words(value)):
            yield name, words


def _words(value: Any) -> str:
    """A word, a number, a text in the language of the page, or several words; empty for what programs read."""
    match value:
        case str():
            return value
        case bool() | int() | float():
            return msgspec.json.encode(value).decode()
        case {"fr": str(), **others} if others.keys() <= {"en", "others"}:
            return i18n.say(msgspec.convert(value, Text))
        case [str(), *rest] if all(isinstance(each, str) for each in rest):
            return i18n.format_list(value)
    return ""


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="away",
    title=lambda: gettext("Parts not in use here"),
    applies=_is_away,
    draw=away_panel,
)

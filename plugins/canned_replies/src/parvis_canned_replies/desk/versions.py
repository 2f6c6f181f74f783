"""Every version of one ready text: who wrote it and when, what it changed, and how to have it again."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext
from parvis.web.desk.context import AtDesk, DeskContext, go, title_of, unit_name
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_canned_replies.desk.texts import (
    OF_ONE,
    OF_TOWN,
    address_of,
    is_own,
    may_write,
    seen_in,
    text_to_write,
)
from parvis_canned_replies.differing import Piece, word_changes
from parvis_canned_replies.kept import Version, bring_back, in_files, versions_of
from parvis_canned_replies.ready_texts import ReadyText


class Change(Struct, frozen=True, kw_only=True):
    """One part of a text that is otherwise than before; `language` is that of its words, if it has one."""

    label: str
    language: str
    pieces: tuple[Piece, ...]


@get([f"{OF_TOWN}/versions", f"{OF_ONE}/versions"])
async def show_versions(room: AtDesk, request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The versions, the newest first, each with what it says otherwise than the one before."""
    last, own = await text_to_write(room, code), is_own(room)
    versions = await versions_of(room.town, code, room.person.id if own else "")
    files = in_files(room.town, code, last.owner)
    changed_since = files is not None and all(each.ready != files for each in versions)
    return room.show(
        "canned_replies/versions.html",
        last=last,
        own=own,
        address=address_of(code, own=own),
        versions=[(each, _since(room, versions[place + 1 :], each)) for place, each in enumerate(versions)],
        files_now=changes_of(room, last.ready, files) if files is not None and changed_since else (),
        done=request.query_params.get("fait", ""),
    )


@post([f"{OF_TOWN}/versions/{{number:int}}/retour", f"{OF_ONE}/versions/{{number:int}}/retour"], status_code=200)
async def bring_version_back(
    room: AtDesk, request: AnyRequest, code: FromPath[str], number: FromPath[int]
) -> Response[Any]:
    """Offer an earlier version again, if the text is still as it was seen."""
    last = await text_to_write(room, code)
    seen = seen_in(await typed(request))
    versions = {each.number: each.ready for each in await versions_of(room.town, code, last.owner)}
    wanted = versions.get(number) if number else in_files(room.town, code, last.owner)
    if wanted is not None and not last.owner and not may_write(room, wanted):
        raise PermissionDeniedException("This needs the right 'route' over every unit that the text was for.")
    made = await bring_back(room.host, room.town, code, number, seen=seen, actor=room.actor, owner=last.owner)
    done = "depasse" if made is None else "retour"
    return go(f"{address_of(code, own=bool(last.owner), step='versions')}?fait={done}#main")


def _since(room: DeskContext, older: tuple[Version, ...], version: Version) -> tuple[Change, ...]:
    return changes_of(room, older[0].ready, version.ready) if older else ()


def changes_of(room: DeskContext, before: ReadyText, after: ReadyText) -> tuple[Change, ...]:
    """What one text says otherwise than another, part by part."""
    parts = (
        (gettext("Title in French"), "fr", before.title.fr, after.title.fr),
        (gettext("Title in English"), "en", before.title.en, after.title.en),
        (gettext("Text in French"), "fr", before.text.fr, after.text.fr),
        (gettext("Text in English"), "en", before.text.en, after.text.en),
        (gettext("Types of requests"), "", _types(room, before), _types(room, after)),
        (gettext("Units"), "", _units(room, before), _units(room, after)),
    )
    return tuple(
        Change(label=label, language=language, pieces=word_changes(one, other))
        for label, language, one, other in parts
        if one != other
    )


def _types(room: DeskContext, ready: ReadyText) -> str:
    return ", ".join(title_of(room, code) for code in ready.types) or gettext("all types")


def _units(room: DeskContext, ready: ReadyText) -> str:
    return ", ".join(unit_name(room.town, code) for code in ready.units) or gettext("all units")

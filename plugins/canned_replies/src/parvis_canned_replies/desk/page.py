"""The page on which one ready text is written, and read as residents will read it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.desk.one_request.forms import wrong
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_canned_replies.desk.form import form_of, typed_values, values_of, written
from parvis_canned_replies.desk.preview import Read, preview
from parvis_canned_replies.desk.texts import (
    NEW,
    NEW_OWN,
    OF_ONE,
    OF_TOWN,
    TEXTS,
    address_of,
    demand_writer,
    is_own,
    may_write,
    seen_in,
    text_to_write,
)
from parvis_canned_replies.desk.versions import changes_of
from parvis_canned_replies.kept import MOST, MOST_OWN, Version, last_of, texts_of, write
from parvis_canned_replies.ready_texts import NAMES, ReadyText
from parvis_sdk.problems import Problems


@get([NEW, NEW_OWN])
async def new_text(room: AtDesk) -> Response[Any]:
    """An empty form."""
    demand_writer(room, own=is_own(room))
    return _page(room, None, values_of(None))


@post([NEW, NEW_OWN], status_code=200)
async def add_text(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Keep a new text under its short name, which must be free."""
    demand_writer(room, own=is_own(room))
    return await _answer(room, await typed(request), None)


@get([OF_TOWN, OF_ONE])
async def show_text(room: AtDesk, code: FromPath[str]) -> Response[Any]:
    """One text in its form."""
    last = await text_to_write(room, code)
    return _page(room, last, values_of(last.ready))


@post([OF_TOWN, OF_ONE], status_code=200)
async def save_text(room: AtDesk, request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Keep what was typed as a new version; or show it as it will be read."""
    last = await text_to_write(room, code)
    return await _answer(room, await typed(request), last)


async def _answer(room: DeskContext, sent: FormInput, last: Version | None) -> Response[Any]:
    own, values = is_own(room), typed_values(sent)
    owner = room.person.id if own else ""
    meant = written(room, sent, last.ready if last else None, own=own)
    problems = meant.problems or (await _not_free(room, meant.ready.code, owner) if last is None else None)
    seen = seen_in(sent) if last else 0
    if problems:
        return _page(room, last, values, seen=seen, problems=problems)
    if sent.text("_preview"):
        read = await preview(room, meant.ready, values["reference"].strip())
        unknown = (
            wrong("reference", gettext("There is no request with this number that you may see."))
            if read is None
            else None
        )
        return _page(room, last, values, seen=seen, problems=unknown, read=read)
    if not own and not may_write(room, meant.ready):
        blind = wrong("units", gettext("Choose from your own units."))
        return _page(room, last, values, seen=seen, problems=blind)
    if await write(room.host, room.town, meant.ready, seen=seen, actor=room.actor, owner=owner) is None:
        now = await last_of(room.town, meant.ready.code, owner)
        return _page(room, now, values, overtaken=now, meant=meant.ready)
    return go(f"{TEXTS}?fait=garde#{'own' if own else 'text'}-{meant.ready.code}")


async def _not_free(room: DeskContext, code: str, owner: str) -> Problems | None:
    """Why a new text cannot have this short name, or no new one be kept."""
    texts, own = await texts_of(room.town, owner)
    there, most = (own, MOST_OWN) if owner else (texts, MOST)
    taken = next((each for each in there if each.ready.code == code), None)
    if taken is not None and taken.retired:
        return wrong("code", gettext("A removed reply has this short name. Restore it, or choose another name."))
    if taken is not None:
        return wrong("code", gettext("Another reply has this short name. Edit that one, or choose another name."))
    return wrong("code", gettext("There are too many replies. Delete one first.")) if len(there) >= most else None


def _page(
    room: DeskContext,
    last: Version | None,
    values: dict[str, Any],
    *,
    seen: int | None = None,
    problems: Problems | None = None,
    read: tuple[Read, ...] | None = None,
    overtaken: Version | None = None,
    meant: ReadyText | None = None,
) -> Response[Any]:
    own = is_own(room)
    form = form_of(room, own=own, new=last is None, before=last.ready if last else None)
    return room.show(
        "canned_replies/page.html",
        status=409 if overtaken else 422 if problems else 200,
        own=own,
        last=last,
        address=address_of(last.ready.code, own=own) if last else NEW_OWN if own else NEW,
        seen=(last.number if last else 0) if seen is None else seen,
        fields={field.code: field for field in form.fields()},
        values=values,
        problems=problems,
        names=NAMES,
        read=read,
        overtaken=overtaken,
        changes=changes_of(room, overtaken.ready, meant) if overtaken and meant else (),
    )

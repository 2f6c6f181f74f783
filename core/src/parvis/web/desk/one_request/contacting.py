"""Correcting how a requester is reached, as they ask for it by telephone or at the counter."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.amendments import change_contact
from parvis.requests.changing import Conflict
from parvis.requests.contacts import contact_methods, contact_of, method_known, methods_read
from parvis.requests.declarations import type_of_record
from parvis.requests.differing import before, weigh
from parvis.requests.records import Record
from parvis.requests.visibility import sees_contact
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.differing import Beside, beside, keeps_saved, news_of
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.places import postal_offered, raw_place, row
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis.web.value_names import choices_of
from parvis_sdk.contact_methods import method_of
from parvis_sdk.problems import Problems
from parvis_sdk.requesters import read_requester
from parvis_sdk.requests import Requester

PARTS = ("name", "email", "phone", "postal_address", "preferred_channel")


@get(f"{CASE}/coordonnees")
async def show_contact(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    record = await _record(room, reference)
    known = await contact_of(record) or Requester()
    values = {part: str(getattr(known, part)) for part in PARTS}
    return await _page(room, record, {**values, "phone": i18n.format_phone(known.phone)}, record.language)


@post(f"{CASE}/coordonnees")
async def correct_contact(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The person's name and ways to be reached, written anew; who they are to us (named, anonymous) stays."""
    record, sent = await _record(room, reference), await typed(request)
    known = await contact_of(record) or Requester()
    values = {part: str(getattr(known, part)) if keeps_saved(sent, part) else sent.text(part) for part in PARTS}
    language = record.language if keeps_saved(sent, "language") else sent.text("language", record.language)
    if picked := sent.text("_postal"):
        return await _page(room, record, {**values, "postal_address": picked}, language)
    if sent.text("_find"):
        return await _page(room, record, values, language)
    request_type = await type_of_record(room.host, record)
    mode = next(mode for mode in ("named", "confidential", "anonymous") if mode == record.identity)
    methods = methods_read(room.host, room.town)
    read = read_requester({**values, "mode": mode}, (mode,), contact=request_type.identity.contact, methods=methods)
    if isinstance(read, Problems):
        return await _page(room, record, values, language, read)
    spoken = language if language in room.town.languages else record.language
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, values, language, seen)
    answer = await change_contact(room.host, record.reference, read, spoken, actor=room.actor, expected=seen)
    if isinstance(answer, Problems):
        return await _page(room, record, values, language, answer)
    if isinstance(answer, Conflict):
        return await _overtaken(room, await _record(room, reference), read, spoken, answer)
    return go(case_path(record.reference) + "?fait=contact#main")


async def _overtaken(
    room: DeskContext, record: Record, typed: Requester, spoken: str, conflict: Conflict
) -> Response[Any]:
    """The form again, with what somebody else wrote of the person at the same time."""
    known = await contact_of(record) or Requester()
    past = before(conflict.entries, "contact", None) or {}
    was = {part: past.get(part, "") for part in PARTS}
    was["language"] = before(conflict.entries, "language", record.language)
    saved = {part: str(getattr(known, part)) for part in PARTS} | {"language": record.language}
    mine = {part: str(getattr(typed, part)) for part in PARTS} | {"language": spoken}
    held, differences = weigh(was, saved, mine)
    said = {
        "preferred_channel": dict(ways_to(room)),
        "language": {code: i18n.language_title(code) for code in room.town.languages},
    }
    labels = {
        "name": gettext("Name"),
        "phone": gettext("Phone"),
        "email": gettext("Email"),
        "postal_address": gettext("Postal address"),
        "preferred_channel": gettext("Preferred contact method"),
        "language": gettext("Requester’s language"),
    }
    differing = beside(
        differences,
        labels,
        lambda code, value: i18n.format_phone(value) if code == "phone" else row(said.get(code, {}).get(value, value)),
        chosen=True,
    )
    values = {part: i18n.format_phone(held[part]) if part == "phone" else held[part] for part in PARTS}
    news = await news_of(room, record, conflict)
    return await _page(room, record, values, held["language"], differences=differing, news=news)


async def _record(room: DeskContext, reference: str) -> Record:
    """The request, for those who see who asked and answer for it or work on it."""
    record = await room.record(reference)
    may_write = room.may("work", record) or room.may("intake", record)
    if not may_write or not sees_contact(room.viewer, record, room.host.jurisdictions):
        raise PermissionDeniedException("This needs the right to see who asked and to work on the request.")
    return record


async def _page(
    room: DeskContext,
    record: Record,
    values: dict[str, str],
    language: str,
    problems: Problems | None = None,
    *,
    differences: Sequence[Beside] = (),
    news: Sequence[dict[str, Any]] | None = None,
) -> Response[Any]:
    room.writes(record)
    return room.show(
        "desk/contact.html",
        status=422 if problems else 409 if news is not None else 200,
        record=record,
        offered=await postal_offered(room, values["postal_address"], str(raw_place(record.place).get("address", ""))),
        values=values,
        spoken=language,
        languages=[(code, i18n.language_title(code)) for code in room.town.languages],
        ways=ways_to(room, values["preferred_channel"]),
        problems=problems,
        differences=differences,
        news=news,
    )


def ways_to(room: DeskContext, wished: str = "") -> list[tuple[str, str]]:
    """The ways to reach a person that the town has, for a list to choose from, and the one that they wished before."""
    here = contact_methods(room.host, room.town)
    kept = method_known(room.host, wished) if wished and method_of(wished, here) is None else None
    return [("", gettext("no preference")), *choices_of((*here, kept) if kept else here)]

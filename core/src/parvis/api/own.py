"""What a requester does with the key alone: note that it happened again, change how to be reached, stop messages."""

from typing import Any

from litestar.exceptions import HTTPException
from msgspec import Struct

from parvis.api.calls import (
    Call,
    Edit,
    Given,
    among_answers,
    answers_in,
    faulty,
    holder_in,
    seen_version,
    text_in,
    unprocessable,
)
from parvis.api.changes import answer_of
from parvis.api.operations import operation
from parvis.api.requests import shape_of
from parvis.api.shapes import RequestShape
from parvis.i18n import gettext
from parvis.requests.amendments import change_contact, stop
from parvis.requests.contacts import methods_read
from parvis.requests.declarations import type_of_record
from parvis.requests.work.conversation import occurrence
from parvis_sdk.problems import Problems
from parvis_sdk.requesters import read_requester

PARTS = ("name", "email", "phone", "postal_address", "preferred_channel")


class NewOccurrence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It happened again; `answers` follow the form of occurrences of the type."""

    answers: dict[str, Any]
    upload: str = ""


class NewContact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another way to reach the person, `preferred_channel` as for a new request; `mode` stays what it was, `version`
    is the one the caller has seen."""

    mode: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""
    language: str = ""
    version: int


class MessagesWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the requester wants to be told of the steps."""

    wanted: bool


@operation(
    "POST /requests/{reference}/occurrences",
    "Note with the key that it happened again",
    body=NewOccurrence,
    key=True,
    problems=(409, 410),
)
async def add_occurrence(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    """It happened again: one more line in the log that the type keeps."""
    request_type = await type_of_record(call.host, edit.record)
    if request_type.occurrence is None:
        raise HTTPException(status_code=409, detail=gettext("Requests of this type keep no log of occurrences."))
    answers = answers_in(edit.body, request_type.occurrence, missing={})
    changed = await occurrence(call.host, edit.record.reference, answers, holder=holder_in(edit.body))
    return await answer_of(call, changed, edit, among_answers(request_type.occurrence, NewOccurrence, edit.body))


@operation(
    "PUT /requests/{reference}/contact",
    "Change with the key how to be reached, and in which language",
    body=NewContact,
    key=True,
    problems=(409, 410, 428),
)
async def replace_contact(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    """Another way to reach the person; how they presented themselves stays."""
    record, body = edit.record, edit.body
    if body.get("mode", record.identity) != record.identity:
        raise faulty("mode", "fixed", "kept_mode", mode=record.identity)
    request_type = await type_of_record(call.host, record)
    given: dict[str, Any] = {name: body.get(name) for name in PARTS}
    rule, methods = request_type.identity, methods_read(call.host, call.town)
    read = read_requester({**given, "mode": record.identity}, rule.modes, contact=rule.contact, methods=methods)
    if isinstance(read, Problems):
        raise unprocessable(read, call.language, lambda path: path.removeprefix("requester."))
    language = text_in(body, "language", most=5, required=False) or record.language
    if language not in call.town.languages:
        raise faulty("language", "not_offered", "one_of", offered=", ".join(call.town.languages))
    changed = await change_contact(call.host, record.reference, read, language, expected=seen_version(body))
    return await answer_of(call, changed, edit)


@operation(
    "PUT /requests/{reference}/messages",
    "Stop messages to the requester with the key, or let them flow again",
    body=MessagesWanted,
    key=True,
    problems=(410,),
)
async def choose_messages(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    wanted = edit.body.get("wanted")
    if not isinstance(wanted, bool):
        raise faulty("wanted", "wrong_kind", "misshapen")
    changed = await stop(call.host, edit.record.reference, stopped=not wanted)
    return await shape_of(call, changed, edit.viewer)

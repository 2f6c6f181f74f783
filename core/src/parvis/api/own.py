"""What a requester does with the key alone: note that it happened again, change how to be reached, stop messages."""

from typing import Any

from litestar import post, put
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis.api.calls import (
    AnyRequest,
    Call,
    answers_in,
    body_of,
    call_of,
    limited,
    seen,
    seen_version,
    text_in,
    unprocessable,
)
from parvis.api.changes import answer_of
from parvis.api.requests import shape_of
from parvis.api.shapes import RequestShape
from parvis.requests.amendments import change_contact, stop
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.heart import methods_read
from parvis.requests.records import Record, type_of_record
from parvis.requests.visibility import HOLDER
from parvis.requests.work.conversation import occurrence
from parvis_sdk.problems import Problems
from parvis_sdk.requesters import read_requester

PARTS = ("name", "email", "phone", "postal_address", "preferred_channel")


@post("/requests/{reference:str}/occurrences", status_code=200)
async def add_occurrence(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> RequestShape:
    """It happened again: one more line in the log that the type keeps."""
    call, record, body = await _begin(request, reference, key)
    kind = await type_of_record(call.heart, record)
    if kind.occurrence is None:
        raise HTTPException(status_code=409, detail="Requests of this type keep no log of occurrences.")
    answers = answers_in(body, kind.occurrence, missing={})
    upload = text_in(body, "upload", most=200, required=False)
    changed = await occurrence(call.heart, record.reference, answers, holder=holder_of(upload) if upload else "")
    if isinstance(changed, Problems):
        raise unprocessable(changed, call.language)
    return await shape_of(call, changed, HOLDER)


@put("/requests/{reference:str}/contact")
async def replace_contact(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> RequestShape:
    """Another way to reach the person; how they presented themselves stays."""
    call, record, body = await _begin(request, reference, key)
    kind = await type_of_record(call.heart, record)
    given: dict[str, Any] = {name: body.get(name) for name in PARTS}
    rule, methods = kind.identity, methods_read(call.heart, call.town)
    read = read_requester({**given, "mode": record.identity}, rule.modes, contact=rule.contact, methods=methods)
    if isinstance(read, Problems):
        raise unprocessable(read, call.language)
    language = text_in(body, "language", most=5, required=False) or record.language
    if language not in call.town.languages:
        raise HTTPException(status_code=422, detail=f"`language` is one of {', '.join(call.town.languages)}.")
    changed = await change_contact(call.heart, record.reference, read, language, expected=seen_version(body))
    return await answer_of(call, changed, HOLDER, record)


@put("/requests/{reference:str}/messages")
async def choose_messages(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> RequestShape:
    """Stop messages to the requester, or let them flow again."""
    call, record, body = await _begin(request, reference, key)
    wanted = body.get("wanted")
    if not isinstance(wanted, bool):
        raise HTTPException(status_code=422, detail="`wanted` must be true or false.")
    changed = await stop(call.heart, record.reference, stopped=not wanted)
    return await shape_of(call, changed, HOLDER)


async def _begin(request: AnyRequest, reference: str, key: str) -> tuple[Call, Record, dict[str, Any]]:
    call = await call_of(request)
    limited(call, "write")
    record, viewer = await seen(call, reference, key)
    if viewer is not HOLDER:
        raise HTTPException(status_code=403, detail="Only the key of the request opens this.")
    return call, record, await body_of(request)


HANDLERS = (add_occurrence, replace_contact, choose_messages)

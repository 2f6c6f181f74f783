"""Ties between requests: which there are, tying, merging and taking apart again, and splitting a part off."""

from typing import Any, cast, get_args

from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from parvis.api.calls import AnyRequest, call_of, limited, once_in, require, seen, seen_version, text_in
from parvis.api.changes import allow, answer_of, begin, files_in, refusal
from parvis.api.requests import actor_of
from parvis.api.shapes import RequestShape, languages
from parvis.api.tie_shapes import PartShape, Ties, TieShape
from parvis.requests.records import type_of_record
from parvis.requests.tied.merging import merge, part
from parvis.requests.tied.splitting import MOST_WORDS, Part, split_off
from parvis.requests.tied.ties import TieKind, seen_by, ties_of
from parvis.requests.tied.tying import link, unlink
from parvis_sdk.counter import Receipt


@get("/requests/{reference:str}/ties")
async def list_ties(request: AnyRequest, reference: FromPath[str]) -> Ties:
    call = await call_of(request)
    limited(call, "read")
    require(call, "requests:read")
    record, viewer = await seen(call, reference)
    ties = []
    for each in seen_by(viewer, await ties_of(record), call.heart.territory):
        kind = await type_of_record(call.heart, each.record)
        ties.append(
            TieShape(
                kind=each.kind,
                from_here=each.ours,
                reference=each.record.reference,
                type=each.record.type,
                title=languages(kind.title),
                state=each.record.state,
                phase=each.record.phase,
                since=each.since,
            )
        )
    return Ties(ties=ties)


@post("/requests/{reference:str}/ties", status_code=200)
async def tie_request(request: AnyRequest, reference: FromPath[str]) -> RequestShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    kind, other, actor = _kind(body), text_in(body, "other", most=20), actor_of(call)
    expected = seen_version(body)
    if kind == "duplicate_of":
        tied: Any = await merge(call.heart, viewer, record.reference, other, actor=actor, expected=expected)
    else:
        tied = await link(call.heart, viewer, record.reference, kind, other, actor=actor, expected=expected)
    return await answer_of(call, tied, viewer, record)


@post("/requests/{reference:str}/ties/end", status_code=200)
async def end_tie(request: AnyRequest, reference: FromPath[str]) -> RequestShape:
    """Take a tie away; with `duplicate_of` the request goes on by itself again."""
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    kind, other, actor = _kind(body), text_in(body, "other", most=20), actor_of(call)
    expected = seen_version(body)
    if kind == "duplicate_of":
        ended: Any = await part(call.heart, viewer, record.reference, actor=actor, expected=expected)
    else:
        ended = await unlink(call.heart, viewer, record.reference, kind, other, actor=actor, expected=expected)
    return await answer_of(call, ended, viewer, record)


@post("/requests/{reference:str}/split", status_code=201)
async def split_request(request: AnyRequest, reference: FromPath[str]) -> PartShape:
    """Make another request of a part of this one, for the same person, who is told of its number."""
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    words, key = text_in(body, "words", most=MOST_WORDS), once_in(request)
    part = Part(type=text_in(body, "type", most=60), words=words, files=files_in(body))
    answer = await split_off(
        call.heart,
        viewer,
        record,
        part,
        actor=actor_of(call),
        mark=f"api:{key}" if key else "",
        expected=seen_version(body),
    )
    if not isinstance(answer, Receipt):
        raise refusal(call, answer, viewer, record)
    return PartShape(reference=answer.reference, type=part.type, promised_at=answer.promised_at)


def _kind(body: dict[str, Any]) -> TieKind:
    kind = text_in(body, "kind", most=20)
    if kind not in get_args(TieKind):
        raise HTTPException(status_code=422, detail=f"`kind` is one of {', '.join(get_args(TieKind))}.")
    return cast(TieKind, kind)


HANDLERS = (list_ties, tie_request, end_tie, split_request)

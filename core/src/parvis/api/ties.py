"""Ties between requests: which there are, tying, merging and taking apart again, and splitting a part off."""

from datetime import datetime
from typing import Any, Literal, cast, get_args

from litestar.exceptions import HTTPException
from msgspec import Struct

from parvis.api.calls import Access, AnyRequest, Call, Edit, Given, files_in, once_in, seen_version, text_in
from parvis.api.changes import answer_of, refusal
from parvis.api.operations import WORDS, operation
from parvis.api.shapes import Languages, RequestShape, languages
from parvis.requests.declarations import type_of_record
from parvis.requests.joining.merging import merge, part
from parvis.requests.joining.splitting import MOST_WORDS, Part, split_off
from parvis.requests.joining.tying import link, unlink
from parvis.requests.tied.ties import TieKind, seen_by, ties_of
from parvis_sdk.counter import Receipt


class TieShape(Struct, frozen=True, kw_only=True):
    """What the request is tied to: with `from_here` the request asked about is `kind` the other, else the other way."""

    kind: str
    from_here: bool
    reference: str
    type: str
    title: Languages
    state: str
    phase: str
    since: datetime


class Ties(Struct, frozen=True, kw_only=True):
    """Everything that a request is tied to, as far as the caller may see it, oldest tie first."""

    ties: list[TieShape]


class NewTie(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the request is to another one. `duplicate_of` merges it into the other."""

    kind: Literal["duplicate_of", "child_of", "about"]
    other: str
    version: int


class NewPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is made a request of its own: as which type, in which words, with which files of the one it is part of."""

    type: str
    words: str
    files: list[str] = []
    version: int


class PartShape(Struct, frozen=True, kw_only=True):
    """The request that was made. Whoever asked is told of it; the caller may see it where it belongs to their units."""

    reference: str
    type: str
    promised_at: datetime | None


@operation(
    "GET /requests/{reference}/ties",
    "What a request is tied to, as far as the caller may see it",
    scope="requests:read",
)
async def list_ties(call: Given[Call], access: Given[Access]) -> Ties:
    ties = []
    for each in seen_by(access.viewer, await ties_of(access.record), call.heart.territory):
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


@operation(
    "POST /requests/{reference}/ties",
    "Tie a request to another one, or merge it into the other",
    body=NewTie,
    scope="requests:write",
    rights=("work",),
    problems=(409, 410, 428),
)
async def tie_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    viewer, reference, kind, other = edit.viewer, edit.record.reference, _kind(edit.body), _other(edit.body)
    known: dict[str, Any] = {"actor": call.actor, "expected": seen_version(edit.body)}
    if kind == "duplicate_of":
        tied: Any = await merge(call.heart, viewer, reference, other, **known)
    else:
        tied = await link(call.heart, viewer, reference, kind, other, **known)
    return await answer_of(call, tied, edit)


@operation(
    "POST /requests/{reference}/ties/end",
    "Take a tie away, or a merged request apart from the other",
    body=NewTie,
    scope="requests:write",
    rights=("work",),
    problems=(409, 410, 428),
)
async def end_tie(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    """With `duplicate_of` the request goes on by itself again."""
    viewer, reference, kind, other = edit.viewer, edit.record.reference, _kind(edit.body), _other(edit.body)
    known: dict[str, Any] = {"actor": call.actor, "expected": seen_version(edit.body)}
    if kind == "duplicate_of":
        ended: Any = await part(call.heart, viewer, reference, **known)
    else:
        ended = await unlink(call.heart, viewer, reference, kind, other, **known)
    return await answer_of(call, ended, edit)


@operation(
    "POST /requests/{reference}/split",
    "Make another request of a part; a repeated Idempotency-Key with the same body makes it once",
    status=201,
    body=NewPart,
    scope="requests:write",
    rights=("work",),
    headers={"Idempotency-Key": WORDS},
    problems=(409, 410, 428),
)
async def split_request(call: Given[Call], request: AnyRequest, edit: Given[Edit]) -> PartShape:
    """For the same person, who is told of its number."""
    words, key = text_in(edit.body, "words", most=MOST_WORDS), once_in(request)
    part = Part(type=text_in(edit.body, "type", most=60), words=words, files=files_in(edit.body))
    answer = await split_off(
        call.heart,
        edit.viewer,
        edit.record,
        part,
        actor=call.actor,
        mark=f"api:{key}" if key else "",
        expected=seen_version(edit.body),
    )
    if not isinstance(answer, Receipt):
        raise refusal(call, answer, edit)
    return PartShape(reference=answer.reference, type=part.type, promised_at=answer.promised_at)


def _other(body: dict[str, Any]) -> str:
    return text_in(body, "other", most=20)


def _kind(body: dict[str, Any]) -> TieKind:
    kind = text_in(body, "kind", most=20)
    if kind not in get_args(TieKind):
        raise HTTPException(status_code=422, detail=f"`kind` is one of {', '.join(get_args(TieKind))}.")
    return cast(TieKind, kind)

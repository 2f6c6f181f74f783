"""By the API: tying, merging and taking apart again, and splitting a part off."""

from typing import Any, Literal, cast, get_args

from msgspec import Struct

from parvis.api.calls import (
    AnyRequest,
    Call,
    Edit,
    Given,
    faulty,
    files_in,
    idempotency_key_of,
    must_be_for,
    seen_version,
    text_in,
)
from parvis.api.changes import answer_of, refusal
from parvis.api.operations import WORDS, operation
from parvis.api.shapes import Moment, RequestShape
from parvis.requests.relations.ties import TieKind
from parvis_merging.merging import merge, part
from parvis_merging.splitting import MOST_WORDS, Part, split_off
from parvis_merging.tying import link, unlink
from parvis_sdk.counter import Receipt


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
    """The request created. Its requester is notified; the caller may see it where it belongs to their units."""

    reference: str
    type: str
    promised_at: Moment | None


@operation(
    "POST /requests/{reference}/ties",
    "Link a request to another one, or merge it into the other",
    body=NewTie,
    scope="requests:write",
    rights=("work",),
    problems=(409, 410, 428),
)
async def tie_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    viewer, reference, kind, other = edit.viewer, edit.record.reference, _kind(edit.body), _other(edit.body)
    known: dict[str, Any] = {"actor": call.actor, "expected": seen_version(edit.body)}
    if kind == "duplicate_of":
        tied: Any = await merge(call.host, viewer, reference, other, **known)
    else:
        tied = await link(call.host, viewer, reference, kind, other, **known)
    return await answer_of(call, tied, edit, _in_tie)


@operation(
    "POST /requests/{reference}/ties/end",
    "Remove a link, or separate a merged request from the other",
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
        ended: Any = await part(call.host, viewer, reference, **known)
    else:
        ended = await unlink(call.host, viewer, reference, kind, other, **known)
    return await answer_of(call, ended, edit, _in_tie)


@operation(
    "POST /requests/{reference}/split",
    "Split a request; a repeated Idempotency-Key with the same body splits it once",
    status=201,
    body=NewPart,
    scope="requests:write",
    rights=("work",),
    headers={"Idempotency-Key": WORDS},
    problems=(409, 410, 428),
)
async def split_request(call: Given[Call], request: AnyRequest, edit: Given[Edit]) -> PartShape:
    """For the same person, who is notified of its number."""
    words, key = text_in(edit.body, "words", most=MOST_WORDS), idempotency_key_of(request)
    must_be_for(call, text_in(edit.body, "type", most=60))
    part = Part(type=text_in(edit.body, "type", most=60), words=words, files=files_in(edit.body))
    answer = await split_off(
        call.host,
        edit.viewer,
        edit.record,
        part,
        actor=call.actor,
        mark=f"api:{key}" if key else "",
        expected=seen_version(edit.body),
    )
    if not isinstance(answer, Receipt):
        raise await refusal(call, answer, edit, _in_part)
    return PartShape(reference=answer.reference, type=part.type, promised_at=answer.promised_at)


def _in_tie(path: str) -> str:
    """What cannot be done with the other request is a matter of its number."""
    return "other" if path == "transition" else path


def _in_part(path: str) -> str:
    """What the new request lacks is for its type to ask: the rest of it was taken from the other one."""
    return path if path.partition(".")[0] in NewPart.__struct_fields__ else "type"


def _other(body: dict[str, Any]) -> str:
    return text_in(body, "other", most=20)


def _kind(body: dict[str, Any]) -> TieKind:
    kind = text_in(body, "kind", most=20)
    if kind not in get_args(TieKind):
        raise faulty("kind", "not_offered", "one_of", offered=", ".join(get_args(TieKind)))
    return cast(TieKind, kind)

"""Somebody at the telephone says what another request says: their own goes on with it, and they are told of its steps.

It stands on the module that merges requests, and is loaded where a town has that one.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from parvis.access_scope import Reach, Scope
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.offered import is_declared, type_of
from parvis.requests.records import Record, find
from parvis.requests.retyping import carried
from parvis.requests.visibility import Viewer, may
from parvis.selection import within
from parvis_merging.merging import HAS_PARTS, has_parts, merge, not_kept
from parvis_sdk.fields import Consent, File, Photo, Sensitivity
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester
from parvis_sdk.standing_answers import those
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold
from parvis_sdk.workflow import Denied

JOINABLE = """
SELECT r.reference FROM service_request r WHERE r.reference IN ({marks}) AND {where}
AND r.phase NOT IN ('decided', 'closed') AND r.merged_into IS NULL"""
KNOWN_THERE = """
SELECT c.name FROM contact c JOIN service_request r ON r.id = c.request WHERE (r.id = {} OR r.merged_into = {})
AND ((c.phone <> '' AND c.phone = {}) OR (c.email <> '' AND lower(c.email) = {}))"""
NOT_YOURS = Text(
    fr="Vous n’avez pas le droit d’ajouter une personne à cette requête.",
    en="You do not have permission to add a person to this request.",
)
ADDED = Text(fr="Cette personne figure déjà dans cette requête.", en="This person is already in this request.")
OF_NOBODY = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
THEIR_OWN = (Photo, File, Consent)
NOT_NOW = Text(
    fr="Une autre personne vient de modifier cette requête. Fusionnez-les à partir de sa page.",
    en="Somebody else has just changed this request. Merge them from its page.",
)


async def said_alike(host: Host, request_type: RequestType, other: Record) -> dict[str, Any]:
    """What another request answers of the thing itself: nothing of a person, no file, no consent."""
    asked = (await type_of_record(host, other)).form.fields()
    told = those(
        asked,
        other.answers,
        lambda field: field.privacy.sensitivity in OF_NOBODY and not isinstance(field, THEIR_OWN),
    )
    return carried(request_type, told, {}, asked)


def place_alike(other: Record) -> Mapping[str, Any]:
    """Where it is, as the boxes of a form say it."""
    place = other.place
    if place is None:
        return {}
    answer = place.as_answer()
    return {name: answer[name] if name == "geometry" else str(answer[name]) for name in answer if name != "assets"}


async def go_on_with(host: Host, viewer: Viewer, reference: str, into: str, *, actor: Actor) -> Text | None:
    """Join the request that was just opened to another one; returns why not where it cannot be.

    Agents who take calls and may see the other may do this with what they opened.
    """
    record = await find(host, reference)
    if record is None or record.merged_into is not None:
        return None
    caller = structs.replace(viewer, reaches=tuple(map(_with_work, viewer.reaches)))
    merged = await merge(host, caller, reference, into, actor=actor)
    if isinstance(merged, Denied):
        return merged.reason
    return NOT_NOW if isinstance(merged, Conflict) else None


async def refused_to_join(
    host: Host, viewer: Viewer, request_type: RequestType, other: Record, person: Requester
) -> Text | None:
    """Why a request of this type that is about to be opened would not go on with the other one; None where it would."""
    caller = structs.replace(viewer, reaches=tuple(map(_with_work, viewer.reaches)))
    if other.erased_at is not None or not may(caller, "work", other, host.jurisdictions):
        return NOT_YOURS
    if denied := not_kept(other):
        return denied.reason
    if is_of_its_own(request_type):
        return HAS_PARTS
    return ADDED if await _is_known_there(other, person) else None


def is_of_its_own(request_type: RequestType) -> bool:
    """Whether requests of this type go on with no other one: they have parts, or the town says them to everybody."""
    return has_parts(request_type) or request_type.children is not None or is_declared(request_type)


async def joinable(host: Host, town: Jurisdiction, scope: Scope, found: Mapping[str, str]) -> frozenset[str]:
    """Of the open requests that were found, with the type of each, those that somebody can be added to."""
    types = {code: type_of(host, town, code) for code in found.values()}
    fitting = {code for code, one in types.items() if one is not None and not is_of_its_own(one)}
    references = [reference for reference, code in found.items() if code in fitting]
    if not references:
        return frozenset()
    where = within(scope, led=True)
    statement = JOINABLE.format(marks=", ".join(["{}"] * len(references)), where=where.sql)
    rows = await ServiceRequest.raw(statement, *references, *where.values)
    return frozenset(row["reference"] for row in rows)


async def _is_known_there(other: Record, person: Requester) -> bool:
    """Whether the other request, or one that goes on with it, is of this person: called so, at a number or address."""
    rows = await ServiceRequest.raw(KNOWN_THERE, other.id, other.id, person.phone, person.email.lower())
    return any(fold(row["name"]) == fold(person.name) for row in rows)


def _with_work(reach: Reach) -> Reach:
    if not {"intake", "see"} <= reach.permissions:
        return reach
    return structs.replace(reach, permissions=reach.permissions | {"work"})

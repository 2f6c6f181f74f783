"""Settling what came back from a plugin: one transaction in which the delivery is done and its answer takes effect."""

import hashlib
import re
from functools import partial

import msgspec
from msgspec import structs

from parvis.db import unit
from parvis.db.tables import ServiceRequest
from parvis.outbox import Claimed, deliveries, memory
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, change_within
from parvis.requests.heart import Heart
from parvis.requests.history import Line
from parvis.requests.lifecycle import plan_move
from parvis.requests.records import find, locked
from parvis_sdk.problems import Problems
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

REFUSED_MOVE = Text(
    fr="L’extension « {plugin} » a demandé l’étape « {move} », qui n’a pas eu lieu : {reason}",
    en="The plugin “{plugin}” asked for the step “{move}”, which did not take place: {reason}",
)
INCOMPLETE = Text(fr="il manque des réponses", en="answers are missing")


async def settle(heart: Heart, claimed: Claimed, outcome: Outcome) -> None:
    """Write that a delivery is done, with the note, the reference, the move and the messages of its answer.

    Does nothing when another worker has taken the delivery over meanwhile. A wished move that is not allowed is
    noted on the request with its reason; the rest of the answer stands. What comes too late for a request that was
    destroyed says nothing any more.
    """
    actor = Actor(kind="plugin", id=claimed.plugin, name=claimed.plugin)
    says = outcome.note or outcome.external_reference or outcome.move or outcome.messages
    async with unit(heart.engine):
        # The request first, as everybody locks it; then what belongs to it.
        record = await locked(heart, claimed.reference) if says and not claimed.channel else None
        if not await deliveries.finish(claimed, outcome.external_reference):
            return
        if record is None or record.erased_at is not None:
            return
        await _take(
            heart, claimed.reference, actor, outcome.note, outcome.external_reference, outcome.move, outcome.given
        )
        for message in outcome.messages:
            await deliveries.write_message(message, request=claimed.request, reference=claimed.reference)


async def apply_update(heart: Heart, plugin: str, update: Update) -> bool:
    """Take news from another system in, once per `update.key`; False when no request answers to it."""
    reference = update.reference or await _reference_of(plugin, update.external_reference)
    record = await find(heart, reference) if reference else None
    town = heart.territory.get(record.jurisdiction) if record else None
    if record is None or town is None or not town.allows_plugin(plugin):
        return False
    actor = Actor(kind="plugin", id=plugin, name=plugin)
    async with unit(heart.engine):
        now = await locked(heart, record.reference)
        is_there = now is not None and now.erased_at is None
        if is_there and await memory.once(plugin, record.reference, _key_of(update)):
            await _take(
                heart, record.reference, actor, update.note, update.external_reference, update.move, update.given
            )
    return True


def _key_of(update: Update) -> str:
    key = f"update:{update.key}"
    return key if len(key) <= 200 else f"update:{hashlib.sha256(update.key.encode('utf-8', 'replace')).hexdigest()}"


KNOWN_AS = """
SELECT reference, external_references FROM service_request
WHERE length(external_references) > 2 AND external_references LIKE {} ESCAPE '!'"""


async def _reference_of(plugin: str, external: str) -> str:
    if not external:
        return ""
    quoted = re.sub(r"([!%_])", r"!\1", msgspec.json.encode(external).decode())
    rows = await ServiceRequest.raw(KNOWN_AS, f"%{quoted}%")
    named = [
        row["reference"] for row in rows if msgspec.json.decode(row["external_references"]).get(plugin) == external
    ]
    return str(named[0]) if len(named) == 1 else ""


async def _take(
    heart: Heart, reference: str, actor: Actor, note: Text | None, external: str, move: str, given: dict[str, object]
) -> None:
    if note is not None or external:
        await change_within(heart, reference, partial(_plan_news, actor, note, external), actor=actor)
    if not move:
        return
    plan = partial(plan_move, heart, move, given, actor, "system", "")
    moved = await change_within(heart, reference, plan, actor=actor)
    if isinstance(moved, Denied | Problems):
        reason = moved.reason if isinstance(moved, Denied) else INCOMPLETE
        refused = REFUSED_MOVE.format(plugin=actor.name, move=move, reason=reason)
        await change_within(heart, reference, partial(_plan_news, actor, refused, ""), actor=actor)


async def _plan_news(actor: Actor, note: Text | None, external: str, here: Situation) -> Change:
    references = here.record.external_references | ({actor.name: external} if external else {})
    line = Line(
        kind="external",
        audience="internal",
        body={"plugin": actor.name, "reference": external},
        personal={"note": structs.asdict(note)} if note else None,
    )
    return Change(line=line, columns={"external_references": references})

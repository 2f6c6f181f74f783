"""What a plugin wishes beyond its own request: corrections made by the rules of the form, proposals kept for people."""

from functools import partial

import msgspec
from msgspec import structs

from parvis import clock
from parvis.db.statements import insert_values
from parvis.identifiers import new_id
from parvis.plugins.registry import NamedSubscription
from parvis.requests.actors import Actor
from parvis.requests.amendments import plan_correction
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.changing import change_within
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.records import Record, find, locked
from parvis_proposals.granting import hearing, is_granted
from parvis_proposals.tables import PluginProposal
from parvis_sdk.events import Event
from parvis_sdk.problems import Problems
from parvis_sdk.proposals import MANY, MOST_PROPOSED, Correction, Proposal, correction_mistakes, proposal_mistakes
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

NOT_GRANTED = Text(
    fr="L’extension «\u00a0{plugin}\u00a0» a voulu corriger ou proposer quelque chose sans y être autorisée ici.",
    en="The plugin “{plugin}” tried to correct or propose something without being granted permission here.",
)
NOT_CORRECTED = Text(
    fr="L’extension «\u00a0{plugin}\u00a0» n’a pas pu corriger de réponse\u00a0: {why}",
    en="The plugin “{plugin}” could not correct an answer: {why}",
)
CORRECTED = Text(
    fr="Réponses corrigées par l’extension «\u00a0{plugin}\u00a0»\u00a0: {why}",
    en="Answers corrected by the plugin “{plugin}”: {why}",
)
NOT_PROPOSED = Text(
    fr="Une proposition de l’extension «\u00a0{plugin}\u00a0» a été refusée\u00a0: {why}",
    en="A proposal from the plugin “{plugin}” was rejected: {why}",
)
NOT_THERE = Text(
    fr="aucune requête de ce numéro n’est dans sa portée", en="no request with that number is in its scope"
)


async def keep_wishes(host: Host, named: NamedSubscription, event: Event, outcome: Outcome) -> None:
    """Inside the transaction in which the delivery ends: correct, and keep what is proposed; else say why not."""
    record = await locked(host, reference := event.reference)
    if record is None or record.erased_at is not None:
        return
    actor = Actor(kind="plugin", id=named.origin.name, name=named.origin.name)
    if not await is_granted(record.jurisdiction, hearing(named)):
        await _note(host, reference, actor, NOT_GRANTED, Text(fr=""))
        return
    if outcome.correct is not None:
        await _correct(host, named, record, actor, outcome.correct, event)
    for each in outcome.proposals[:MOST_PROPOSED]:
        if refused := await _refused(host, named, record, each):
            await _note(host, reference, actor, NOT_PROPOSED, refused)
    if len(outcome.proposals) > MOST_PROPOSED:
        await _note(host, reference, actor, NOT_PROPOSED, MANY.format(most=MOST_PROPOSED))


async def _correct(
    host: Host, named: NamedSubscription, record: Record, actor: Actor, wanted: Correction, event: Event
) -> None:
    request_type, said = await type_of_record(host, record), named.subscription
    wrong = next(correction_mistakes(wanted, said.corrects, request_type, needs=said.needs, event=event), None)
    if wrong is not None:
        await _note(host, record.reference, actor, NOT_CORRECTED, wrong)
        return
    plan = partial(plan_correction, host, wanted.answers, actor)
    done = await change_within(host, record.reference, plan, actor=actor)
    if isinstance(done, Problems):
        await _note(host, record.reference, actor, NOT_CORRECTED, done.found[0].message)
    elif isinstance(done, Record):
        await _note(host, record.reference, actor, CORRECTED, wanted.reason)


async def _refused(host: Host, named: NamedSubscription, record: Record, proposal: Proposal) -> Text | None:
    """Keep a proposal that is not there yet; or why it is not kept."""
    other = await find(host, proposal.to)
    if (
        other is None
        or other.jurisdiction != record.jurisdiction
        or other.erased_at is not None
        or other.excluded_agents
        or record.excluded_agents
        or other.merged_into is not None
    ):
        return NOT_THERE
    proposal = structs.replace(proposal, to=other.reference)  # however it was spelled, it is one
    wrong = next(proposal_mistakes(proposal, named.subscription.finds, other.type, of=record.reference), None)
    if wrong is not None:
        return wrong
    mark = proposal.mark(named.origin.name, record.reference)
    if await PluginProposal.exists().where(PluginProposal.mark == mark):
        return None
    who = {"jurisdiction": record.jurisdiction, "subscription": named.name, "plugin": named.origin.name}
    what = {"request": other.id, "origin": record.id, "proposal": msgspec.json.encode(proposal).decode()}
    state = {"state": "waiting", "proposed_at": clock.now(), "decided_by": "", "decided_name": "", "decided_at": None}
    await insert_values(PluginProposal, {"id": new_id(), "mark": mark, **who, **what, **state})
    return None


async def _note(host: Host, reference: str, actor: Actor, words: Text, why: Text) -> None:
    await take_effect(host, reference, actor, News(note=words.format(plugin=actor.name, why=why)))

"""Applying what came back from a plugin: one transaction in which the delivery is done and its answer takes effect."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from parvis.db import transaction
from parvis.outbox import DeliveryClaim, deliveries, memory
from parvis.outbox.addressees import Sort, may_write
from parvis.requests import announcements
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import bind, waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import Change, Situation, Write, change_within
from parvis.requests.contacts import contact_of
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.numbers_there import digest_of, known_as, references_of, taken_by_another
from parvis.requests.parts.together import paid_there
from parvis.requests.records import Record, find, locked
from parvis.requests.relations.news_along import locked_with_where_it_goes_on, pass_news_on
from parvis.requests.work.answer_address import answerable, answered_at
from parvis.requests.work.untold import owe, told_after_all
from parvis_sdk.errors import Foreign
from parvis_sdk.events import Announced
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

REFUSED_MOVE = Text(
    fr="L’extension « {plugin} » a demandé l’étape « {move} », qui n’a pas eu lieu : {reason}",
    en="The plugin “{plugin}” asked for the step “{move}”, which did not take place: {reason}",
)
INCOMPLETE = Text(fr="il manque des réponses", en="answers are missing")
FILE_REFUSED = Text(fr="Fichier «\u00a0{name}\u00a0» non retenu\u00a0: {reason}", en="File “{name}” not kept: {reason}")
ENOUGH = Text(
    fr="Message non envoyé\u00a0: trop de messages ont été demandés pour cette adresse aujourd’hui.",
    en="Message not sent: too many messages to this address were asked for today.",
)
FOR_THE_ASKING: dict[str, Sort] = {"submitted": "filed", "receipt_wanted": "filed", "let_in": "asked"}
"""The events by which anybody makes the town write to an address that they type."""
Arrival = Literal["taken", "repeated", "late", "unknown", "ambiguous", "foreign", "elsewhere", "erased"]
NOTIFY = "notify"  # who tells people
NEWS = "news:"  # before the name under which the host itself remembers for a connector
UNPLACED: tuple[Arrival, ...] = ("unknown", "ambiguous", "foreign", "elsewhere", "erased")


class News(Struct, frozen=True, kw_only=True):
    """What a plugin or another system has to say of a request; `passed_on` to where it goes on, if it does."""

    note: Text | None = None
    external: str = ""
    move: str = ""
    given: dict[str, Any] = {}
    files: tuple[str, ...] = ()
    holder: str = ""
    passed_on: bool = False

    @property
    def says(self) -> bool:
        """Whether somebody of the town has anything to read."""
        return self.note is not None or bool(self.files)


async def settle(host: Host, claimed: DeliveryClaim, outcome: Outcome, also: Sequence[Write] = ()) -> None:
    """Write that a delivery is done, with the note, the reference, the move, the messages of its answer.

    Does nothing when another worker has taken the delivery over meanwhile. A wished move that is not allowed is
    noted on the request with its reason; the rest of the answer stands. What comes too late for a request that was
    destroyed says nothing any more. `also` is written in the same unit. Raises `Foreign`, and nothing is written, where
    the answer names what another request is known by.
    """
    actor = Actor(kind="plugin", id=claimed.plugin, name=claimed.plugin)
    written = (outcome.note, outcome.external_reference, outcome.move, outcome.messages, outcome.by_hand)
    says = any(written) or bool(outcome.remember)
    async with transaction(host.engine):
        # The request first, as everybody locks it; then what belongs to it.
        about = (says and not claimed.channel) or claimed.word
        record = await locked(host, claimed.reference) if about else None
        if not await deliveries.finish(claimed, outcome.external_reference):
            return
        if claimed.is_message:
            await told_after_all(claimed.id)
            await announcements.delivered(host, claimed.id, record) if claimed.word else None
        elif record is not None and record.erased_at is None:
            holder = await taken_by_another(actor.name, outcome.external_reference, record)
            if holder:
                raise Foreign(record.reference, holder, outcome.external_reference)
        for write in also:
            await write()
        if record is None or record.erased_at is not None or claimed.is_message:
            return
        news = News(note=outcome.note, external=outcome.external_reference, move=outcome.move, given=outcome.given)
        await memory.remember_all(actor.name, outcome.remember, reference=claimed.reference)
        await _take(host, claimed.reference, actor, news)
        await _tell(host, record, claimed, outcome)


async def _tell(host: Host, record: Record, claimed: DeliveryClaim, outcome: Outcome) -> None:
    """In a transaction: what is owed by hand and what goes by channels; the ledger of an announcement says which."""
    word = claimed.word
    if outcome.by_hand is not None:
        anyway = await announcements.is_correction(host, word)
        await owe(host, record, claimed.id, outcome.by_hand, anyway=anyway)
        if word:
            await announcements.owed(host, word, record.id, outcome.by_hand.way, claimed.id)
    person = await contact_of(record) if answered_at(host, record.jurisdiction) and outcome.messages else None
    sort = FOR_THE_ASKING.get(claimed.asked_by_anybody)
    for message in outcome.messages:
        if sort is not None and not await may_write(host.secret, message.to, sort):
            await _take(host, claimed.reference, Actor(kind="plugin", id=NOTIFY, name=NOTIFY), News(note=ENOUGH))
            continue
        answered = answerable(host, record, message, person.email if person else "")
        id = await deliveries.write_message(answered, request=claimed.request, reference=claimed.reference, word=word)
        if word:
            await announcements.carried(host, word, record.id, message, id)
    if word and claimed.plugin == NOTIFY:
        await announcements.left_out(host, msgspec.json.decode(claimed.event, type=Announced), record.id)


async def apply_update(
    host: Host, name: str, update: Update, *, plugin: str = "", by_a_person: bool = False
) -> Arrival:
    """Take news from another system in, once per `update.key`; what became of it (see `connectors.unmatched_updates`).

    `name` is that of the connector, or of the plugin; `plugin` the one that must be enabled in the town. What a person
    said whose it is, is theirs whatever else is known by that number.
    """
    found = [update.reference] if update.reference else await references_of(name, update.external_reference)
    if len(found) > 1:
        return "ambiguous"
    record = await find(host, found[0]) if found else None
    if record is None:
        return "unknown"
    town = host.jurisdictions.get(record.jurisdiction)
    if town is None or not town.allows_plugin(plugin or name):
        return "elsewhere"
    actor = Actor(kind="plugin", id=name, name=name)
    holder = digest_of(f"{name} {update.key}")
    kept, refused = await _received(host, holder, update)
    async with transaction(host.engine):
        now = await locked_with_where_it_goes_on(host, record.reference)
        if now is None or now.erased_at is not None:
            return "erased"
        if not by_a_person and (update.foreign or await taken_by_another(name, update.external_reference, now)):
            return "foreign"
        if not await memory.once(f"{NEWS}{name}", record.reference, digest_of(update.key)):
            return "repeated"
        is_late = await _is_late(name, record.reference, update)
        notes = [update.note, *(FILE_REFUSED.format(name=file, reason=reason) for file, reason in refused)]
        news = News(
            note=_together([note for note in notes if note is not None]),
            external=update.external_reference,
            move="" if is_late else update.move,
            given=update.given,
            files=tuple(kept),
            holder=holder,
            passed_on=True,
        )
        await memory.remember_all(name, update.remember, reference=record.reference)
        await _take(host, record.reference, actor, news)
        if update.paid is not None:
            trouble = await paid_there(host, record.reference, update.paid, actor)
            await _take(host, record.reference, actor, News(note=trouble))
    return "late" if is_late else "taken"


async def was_taken(name: str, reference: str, update: Update) -> bool:
    """Whether this news was taken in before."""
    return await memory.recall(f"{NEWS}{name}", digest_of(update.key), reference=reference) is not None


async def _received(host: Host, holder: str, update: Update) -> tuple[list[str], list[tuple[str, Text]]]:
    """The files of news, kept under their holder; and those that are none that we take, with the reason."""
    before = {file.name: id for id, file in (await waiting(holder)).items()} if update.files else {}
    kept, refused = [], []
    for file in update.files:
        made = None if file.name in before else await receive_file(host, holder, "news", file.name, file.content)
        if isinstance(made, Problem):
            refused.append((file.name, made.message))
        else:
            kept.append(made.id if made is not None else before[file.name])
    return kept, refused


async def _is_late(name: str, reference: str, update: Update) -> bool:
    """Inside a transaction: whether newer news of the same thing was taken in before; keeps the moment otherwise."""
    if update.at is None:
        return False
    key = f"latest:{digest_of(update.external_reference)}"
    latest = await memory.recall(f"{NEWS}{name}", key, reference=reference)
    if latest is not None and datetime.fromisoformat(latest) > update.at:
        return True
    await memory.remember(f"{NEWS}{name}", key, update.at.isoformat(), reference=reference)
    return False


def _together(notes: list[Text]) -> Text | None:
    if not notes:
        return None
    return Text(fr="\n".join(note.fr for note in notes), en="\n".join(note.to("en") for note in notes))


async def _take(host: Host, reference: str, actor: Actor, news: News) -> None:
    if news.says or news.external:
        await change_within(host, reference, partial(_plan_news, host, actor, news), actor=actor)
    if not news.move:
        return
    plan = partial(plan_move, host, news.move, news.given, actor, "system", "")
    moved = await change_within(host, reference, plan, actor=actor)
    if isinstance(moved, Denied | Problems):
        reason = moved.reason if isinstance(moved, Denied) else INCOMPLETE
        note = REFUSED_MOVE.format(plugin=actor.name, move=news.move, reason=reason)
        refused = News(note=note, passed_on=news.passed_on and not news.says)  # where it goes on, once
        await change_within(host, reference, partial(_plan_news, host, actor, refused), actor=actor)


async def _plan_news(host: Host, actor: Actor, news: News, here: Situation) -> Change | None:
    known = here.record.external_references.get(actor.name, "")
    if not news.says and news.external in ("", known):
        return None  # what is known already is no news
    writes: list[Write] = []
    references = here.record.external_references
    if news.external and news.external != known:
        references = references | {actor.name: news.external}
        writes.append(partial(known_as, actor.name, news.external, here.record.reference))
    if news.files:
        writes.append(partial(bind, here.record.id, news.holder, dict.fromkeys(news.files, "internal")))
    line = Line(
        kind="external",
        audience="internal",
        body={"plugin": actor.name, "reference": news.external} | ({"files": list(news.files)} if news.files else {}),
        personal={"note": structs.asdict(news.note)} if news.note else None,
    )
    then = partial(pass_news_on, host, actor) if news.passed_on and news.says else None
    return Change(line=line, columns={"external_references": references}, writes=tuple(writes), then=then)

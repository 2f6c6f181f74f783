"""Applying what another system says of a request: once, in one transaction; or the reason why it has no place."""

from datetime import datetime
from functools import partial
from typing import Literal

from msgspec import structs

from parvis.db import in_transaction_of_its_own
from parvis.outbox import memory
from parvis.requests.actors import Actor
from parvis.requests.applied_outcomes import News, take_effect
from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis.requests.numbers_there import digest_of, references_of, taken_by_another
from parvis.requests.parts.together import paid_there
from parvis.requests.records import find
from parvis.requests.relations.news_along import locked_with_where_it_goes_on
from parvis_sdk.problems import Problem
from parvis_sdk.subscriptions import Update
from parvis_sdk.text import Text

FILE_REFUSED = Text(fr="Fichier «\u00a0{name}\u00a0» refusé\u00a0: {reason}", en="File “{name}” rejected: {reason}")
Arrival = Literal["taken", "repeated", "late", "unknown", "ambiguous", "foreign", "elsewhere", "erased"]
NEWS = "news:"  # before the name under which the host itself remembers for a connector
UNPLACED: tuple[Arrival, ...] = ("unknown", "ambiguous", "foreign", "elsewhere", "erased")


async def apply_update(
    host: Host, name: str, update: Update, *, plugin: str = "", by_a_person: bool = False, within: str = ""
) -> Arrival:
    """Take news from another system in, once per `update.key`; what became of it.

    `name` is that of the connector, or of the plugin; `plugin` the one that must be enabled in the town. What a person
    said whose it is, is theirs whatever else is known by that number. `within` is the town whose key or signature
    brought it: a request of another is "elsewhere".
    """
    found = [update.reference] if update.reference else await references_of(name, update.external_reference)
    if len(found) > 1:
        return "ambiguous"
    record = await find(host, found[0]) if found else None
    if record is None:
        return "unknown"
    town = host.jurisdictions.get(record.jurisdiction)
    if town is None or not town.allows_plugin(plugin or name) or within not in ("", town.code):
        return "elsewhere"
    actor = Actor(kind="plugin", id=name, name=name)
    holder = digest_of(f"{name} {update.key}")
    kept, refused = await _received(host, holder, update)
    notes = [update.note, *(FILE_REFUSED.format(name=file, reason=reason) for file, reason in refused)]
    news = News(
        note=_together([note for note in notes if note is not None]),
        external=update.external_reference,
        move=update.move,
        given=update.given,
        files=tuple(kept),
        holder=holder,
        passed_on=True,
        tasks=(update.tasks, update.tasks_over),
    )
    taken = partial(_taken, host, record.reference, actor, update, news, by_a_person)
    return await in_transaction_of_its_own(host.engine, taken)


async def _taken(host: Host, reference: str, actor: Actor, update: Update, news: News, by_a_person: bool) -> Arrival:
    """Inside a transaction: the same of a request that is known."""
    name = actor.name
    now = await locked_with_where_it_goes_on(host, reference)
    if now is None or now.erased_at is not None:
        return "erased"
    if not by_a_person and (update.foreign or await taken_by_another(name, update.external_reference, now)):
        return "foreign"
    if not await memory.once(f"{NEWS}{name}", reference, digest_of(update.key)):
        return "repeated"
    is_late = await _is_late(name, reference, update)
    if not is_late:  # what was newer stays known: by what is older, the next news would be no change
        await memory.remember_all(name, update.remember, reference=reference)
    await take_effect(host, reference, actor, structs.replace(news, move="" if is_late else news.move))
    if update.paid is not None:
        trouble = await paid_there(host, reference, update.paid, actor)
        await take_effect(host, reference, actor, News(note=trouble))
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

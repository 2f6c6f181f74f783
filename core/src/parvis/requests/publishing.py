"""What a person of the town decides about a public page: words made public or taken back, a page hidden or shown."""

from functools import partial
from typing import Any, Literal
from uuid import UUID

from msgspec import structs

from parvis.db import transaction
from parvis.db.tables import Row, ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.amendments import rewrite_listed
from parvis.requests.attached.attachments import give_files, public_files
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.places import finds_addresses, verified_address
from parvis.requests.public_words import digest_of_words, words_are_public
from parvis.requests.records import Record, record_of
from parvis.requests.reported_pages import settling
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

PUBLISHED, UNPUBLISHED, HIDDEN, SHOWN, KEPT = (
    "words_public",
    "words_taken_back",
    "page_hidden",
    "page_shown",
    "page_kept",
)
MOST_WORDS = 500
TOGETHER, MOST = 100, 5_000
NO_PAGE = Text(fr="La requête n’a pas de page publique.", en="The request has no public page.")
NOTHING = Text(fr="Il n’y a aucun texte à publier.", en="There are no words to publish.")
NOT_PUBLIC = Text(fr="Aucun texte n’est public.", en="No words are public.")
NEVER = Text(
    fr="Ce type de requête ne publie jamais de texte libre.", en="This type of request never publishes free text."
)
NOT_HIDDEN = Text(fr="La page n’est pas masquée.", en="The page is not hidden.")


async def publish_words(
    host: Host, reference: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Make public what was typed and attached freely, just as the person who publishes it has read it."""

    async def plan(here: Situation) -> Change | Denied:
        if here.request_type.visibility.free_text == "never":
            return Denied(code="not_possible", reason=NEVER)
        digest = digest_of_words(here.request_type, here.record)
        if not here.record.public or not digest:
            return Denied(code="not_possible", reason=NO_PAGE if not here.record.public else NOTHING)
        return _change(host, here, PUBLISHED, {"words_published": digest}, audience="public")

    return await change(host, reference, plan, actor=actor, expected=expected)


async def take_words_back(
    host: Host, reference: str, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """Words that were made public are so no more; the page stays."""

    async def plan(here: Situation) -> Change | Denied:
        if not words_are_public(here.request_type, here.record):
            return Denied(code="not_possible", reason=NOT_PUBLIC)
        return _change(host, here, UNPUBLISHED, {"words_published": ""}, audience="requester", reason=reason)

    return await change(host, reference, plan, actor=actor, expected=expected)


async def hide_page(host: Host, reference: str, reason: str, *, actor: Actor) -> Record | Denied | Conflict:
    """Take the public page away at once, out of lists, maps, feeds and open data; what was reported is settled by it.

    Whatever somebody else did meanwhile: what must not be read does not wait.
    """

    async def plan(here: Situation) -> Change | Denied:
        if not here.record.public:
            return Denied(code="not_possible", reason=NO_PAGE)
        columns = {"public": False, "hidden_at": here.at}
        also = settling(host, here.record.id, "hidden", reason, actor.name)
        return _change(host, here, HIDDEN, columns, audience="requester", reason=reason, also=also)

    return await change(host, reference, plan, actor=actor)


async def show_page(
    host: Host, reference: str, reason: str, *, actor: Actor, expected: int | None = None
) -> Record | Denied | Conflict:
    """The page that somebody hid is there again."""

    async def plan(here: Situation) -> Change | Denied:
        was = here.record
        if was.hidden_at is None:
            return Denied(code="not_possible", reason=NOT_HIDDEN)
        is_public = here.request_type.visibility.public and was.identity != "confidential" and was.merged_into is None
        return _change(host, here, SHOWN, {"public": is_public, "hidden_at": None}, reason=reason)

    return await change(host, reference, plan, actor=actor, expected=expected)


async def keep_page(host: Host, reference: str, reason: str, *, actor: Actor) -> Record | Denied | Conflict:
    """What was reported about the page is no reason to hide it."""

    async def plan(here: Situation) -> Change:
        return Change(line=_line(KEPT, reason), writes=settling(host, here.record.id, "kept", reason, actor.name))

    return await change(host, reference, plan, actor=actor)


def _change(
    host: Host,
    here: Situation,
    what: str,
    columns: dict[str, Any],
    *,
    audience: Literal["public", "requester"] | None = None,
    reason: str = "",
    also: tuple[Any, ...] = (),
) -> Change:
    after = structs.replace(here.record, **columns)
    writes = [partial(rewrite_listed, host, here.request_type, after), *also]
    if audience:
        writes.append(partial(give_files, public_files(here.request_type, here.record), here.record.id, audience))
    return Change(line=_line(what, reason), columns=columns, writes=tuple(writes))


def _line(what: str, reason: str) -> Line:
    words = clean(reason).strip()[:MOST_WORDS]
    return Line(kind=what, audience="internal", personal={"words": words} if words else None)


async def verify_older(host: Host) -> int:
    """Look up the public address of requests for which it never was, and take back what nobody has read; how many."""
    done, after, table = 0, UUID(int=0), ServiceRequest
    able = [code for code, town in host.jurisdictions.by_code.items() if finds_addresses(host, town)]
    while able and done < MOST:
        served = table.jurisdiction.is_in(able)
        lacking = (table.public == True) & table.public_address.is_null() & (table.id > after) & served  # noqa: E712
        rows = await table.select().where(lacking).order_by(table.id).limit(TOGETHER)
        if not rows:
            break
        after = rows[-1]["id"]
        for record in map(record_of, rows):
            await _verify(host, record)
        done += len(rows)
    return done


async def _verify(host: Host, record: Record) -> None:
    request_type = await type_of_record(host, record)
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    told = await verified_address(host, town, request_type, record.place)
    now = structs.replace(record, public_address=told)
    same = (ServiceRequest.id == record.id) & (ServiceRequest.version == record.version)
    verified: Row = {"public_address": told}
    async with transaction(host.engine):
        if await ServiceRequest.update(verified).where(same).returning(ServiceRequest.id):
            await rewrite_listed(host, request_type, now)
            if not words_are_public(request_type, now):
                await give_files(public_files(request_type, now), record.id, "requester")

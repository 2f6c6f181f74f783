"""News of another system about a request that goes on with another one: noted and read where the work now lives."""

from collections.abc import Iterable, Mapping

import msgspec

from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry, Line, entry_of
from parvis.requests.host import Host
from parvis.requests.records import Record, both_locked, find, locked, record_of
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.timeline_titles import UNREADABLE
from parvis.requests.visibility import Viewer, sees, sees_audience
from parvis_sdk.events import Noted
from parvis_sdk.text import Text

NEWS_ALONG = "news_along"
OF = Text(fr="{reference}\u00a0: {words}", en="{reference}: {words}")


async def locked_with_where_it_goes_on(host: Host, reference: str) -> Record | None:
    """In a transaction: a request, locked together with the one with which it goes on, in the order of everybody."""
    record = await find(host, reference)
    other = await goes_on_with(record) if record is not None else None
    if other is None:
        return await locked(host, reference)
    return (await both_locked(host, reference, other.reference))[0]


async def pass_news_on(host: Host, actor: Actor, record: Record) -> Record:
    """Inside a transaction: note where a request goes on that its last entry holds news, without a word of it.

    The words stay with the request that they are about: a viewer who may not see that one does not read them here
    either, and they are destroyed with it.
    """
    other = await goes_on_with(record)
    if other is None or other.erased_at is not None:
        return record

    async def plan(here: Situation) -> Change:
        body = {"plugin": actor.name, "entry": record.entries}
        line = Line(kind=NEWS_ALONG, audience="internal", body=body, personal={"other": record.reference})
        return Change(line=line, events=(Noted(**here.about(actor)),))

    certainly(await change_within(host, other.reference, plan, actor=actor))
    return record


async def news_read(host: Host, viewer: Viewer, entries: Iterable[Entry]) -> Mapping[int, Text]:
    """What such entries tell this viewer, by their numbers: the number of each request that they may see, and the news.

    Two statements, however many there are.
    """
    named = {
        entry.number: (entry.personal["other"], entry.body["entry"])
        for entry in entries
        if entry.kind == NEWS_ALONG and entry.personal is not None
    }
    if not named or not viewer.is_staff:
        return {}
    references = sorted({reference for reference, _ in named.values()})
    rows = await ServiceRequest.select().where(ServiceRequest.reference.is_in(references))
    seen = {each.id: each.reference for each in map(record_of, rows) if _may_read(host, viewer, each)}
    if not seen:
        return {}
    where = EntryRow.request.is_in(list(seen)) & (EntryRow.kind == "external")
    found = [entry_of(row) for row in await EntryRow.select().where(where)]
    said = {(seen[each.request], each.number): _words(each) for each in found}
    return {
        number: OF.format(reference=at[0], words=said[at]) if said[at].fr else Text(fr=at[0])
        for number, at in named.items()
        if at in said
    }


def _may_read(host: Host, viewer: Viewer, record: Record) -> bool:
    return sees(viewer, record, host.jurisdictions) and sees_audience(viewer, "internal", record, host.jurisdictions)


def _words(entry: Entry) -> Text:
    if entry.personal is None and entry.personal_digest:
        return UNREADABLE
    note = (entry.personal or {}).get("note")
    return msgspec.convert(note, Text) if note else Text(fr="")


WORDS = EntryWords(
    titles={
        "joined": Text(fr="Jointe à une autre requête", en="Joined to another request"),
        "joined_by": Text(fr="Une autre requête est jointe à celle-ci", en="Another request is joined to this one"),
        "news_along": Text(
            fr="Nouvelles de «\u00a0{plugin}\u00a0» sur une requête jointe",
            en="News from “{plugin}” on a joined request",
        ),
        "parted": Text(fr="Séparée de l’autre requête", en="Separated from the other request"),
        "parted_by": Text(fr="Une requête jointe en est séparée", en="A joined request is separated"),
        "split": Text(fr="Requête scindée", en="Request split"),
        "split_from": Text(fr="Scindée d’une autre requête", en="Split from another request"),
        "tied": Text(fr="Liée à une autre requête", en="Linked to another request"),
        "untied": Text(fr="Lien avec une autre requête retiré", en="Link to another request removed"),
        "word_along": Text(fr="Nouveau message sur une requête jointe", en="New message on a joined request"),
    },
    read=news_read,
)

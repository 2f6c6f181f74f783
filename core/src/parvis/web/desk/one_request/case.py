"""One request as its page at the desk shows it: gathered in a fixed number of questions to the database, then drawn."""

from msgspec import Struct

from parvis.people.agents import Person, agents
from parvis.requests.attached.attachments import StoredFile, kept_of
from parvis.requests.contacts import Reachability, known_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at
from parvis.requests.lists.nearby import Near, open_around
from parvis.requests.records import Record
from parvis.requests.relations.ties import RelatedRequest, seen_by, ties_of
from parvis.requests.timeline import StoryLine, files_reaching, story
from parvis.requests.visibility import RequestView, present
from parvis.web.desk.context import DeskContext
from parvis.web.panels import PagePanel, Panel, drawn
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment


class Case(Struct, frozen=True, kw_only=True):
    """Everything about one request that the person may see."""

    record: Record
    kind: RequestType
    shown: RequestView
    told: bool
    reached: Reachability
    story: tuple[StoryLine, ...]
    files: tuple[StoredFile, ...]
    near: tuple[Near, ...]
    ties: tuple[RelatedRequest, ...]
    colleagues: tuple[Person, ...]
    broken_at: int | None

    @property
    def attachments(self) -> dict[str, Attachment]:
        """Its files by their ids."""
        return {one.attachment.id: one.attachment for one in self.files}


async def gather(room: DeskContext, record: Record) -> Case:
    kind = await type_of_record(room.heart, record)
    contact, reach = await known_of(record)
    shown = present(room.heart, record, kind, room.viewer, contact)
    near: tuple[Near, ...] = ()
    if record.lon is not None and record.lat is not None:
        near = await open_around(room.scope("see"), record.lon, record.lat, besides=record.id)
    files = await kept_of(record)
    return Case(
        record=record,
        kind=kind,
        shown=shown,
        told=contact is not None and bool(contact.email or contact.phone or contact.postal_address) and reach.wants,
        reached=reach,
        story=await story(room.heart, record, room.viewer, room.language, files),
        files=await files_reaching(room.viewer, record, room.heart.territory, files),
        near=near,
        ties=seen_by(room.viewer, await ties_of(record), room.heart.territory),
        colleagues=await agents(room.heart.engine, room.town.code),
        broken_at=await broken_at(record),
    )


async def panels_at(slot: str, room: DeskContext, case: Case) -> tuple[Panel, ...]:
    """The boxes of a slot that the person sees of this request."""
    return await drawn(room.nouns(PagePanel, slot), room, case, lambda right: room.may(right, case.record))

"""The checklist of a request: what colleagues go through, line by line, with who did what and when."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record, as_json
from parvis_checklists.tables import ChecklistItem as ItemRow
from parvis_checklists.town_checklists import CHECKLISTS, Checklist
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problems, problem
from parvis_sdk.text import Text

CHECKLIST = "checklist"
MOST = 60  # lines of one request
MOST_WORDS = 300
BEGUN = {
    "added": Text(fr="Ajouté\u00a0: {line}", en="Added: {line}"),
    "done": Text(fr="Fait\u00a0: {line}", en="Done: {line}"),
    "undone": Text(fr="De nouveau à faire\u00a0: {line}", en="To do again: {line}"),
    "removed": Text(fr="Retiré\u00a0: {line}", en="Removed: {line}"),
}


class Item(Struct, frozen=True, kw_only=True):
    """One line: its words, and since when it is done and by whom."""

    id: UUID
    words: Text
    made_at: datetime
    made_by: str
    done_at: datetime | None
    done_by: str


class Edit(Struct, frozen=True, kw_only=True):
    """What is to become of a checklist: lines added, ticked (true) or not any more, and taken away, by their ids."""

    added: tuple[Text, ...] = ()
    ticked: Mapping[UUID, bool] = {}
    removed: Collection[UUID] = ()


def lists_for(town: Jurisdiction, record: Record) -> tuple[Checklist, ...]:
    """The ready lists of the town that fit this type of request."""
    return tuple(ready for ready in CHECKLISTS.of(town) if ready.is_for(record.type))


def own_line(words: str) -> Text | None:
    """A line in one's own words, which nobody translates; None without a word."""
    said = clean(" ".join(words.split()))[:MOST_WORDS]
    return Text(fr=said) if said else None


async def items_of(record: Record) -> tuple[Item, ...]:
    """The lines in their order; one statement."""
    rows = await ItemRow.select().where(ItemRow.request == record.id).order_by(ItemRow.id)
    return tuple(_item(row) for row in rows)


async def edit_checklist(
    host: Host, reference: str, edit: Edit, *, actor: Actor
) -> Record | Problems | Conflict | None:
    """Change the list as one entry of the story; None where somebody else has already done all of it.

    Every line is judged by itself under lock: what a colleague ticked meanwhile stays ticked. A line that is there
    already is not added again.
    """

    async def plan(here: Situation) -> Change | Problems | None:
        items = await items_of(here.record)
        there = [item.words for item in items]
        added = [each for at, each in enumerate(edit.added) if each not in there and each not in edit.added[:at]]
        if len(items) + len(added) > MOST:
            label = Text(fr="Liste de vérification", en="Checklist")
            return Problems(found=(problem("too_many", "checklist-words", label=label, limit=MOST),))
        wanted = edit.ticked
        ticked = [item for item in items if item.id in wanted and wanted[item.id] != (item.done_at is not None)]
        removed = [item for item in items if item.id in edit.removed]
        if not (added or ticked or removed):
            return None
        done = [item for item in ticked if wanted[item.id]]
        undone = [item for item in ticked if not wanted[item.id]]
        left = [item for item in items if item not in removed]
        count = sum(wanted.get(item.id, item.done_at is not None) for item in left)
        note = _note(
            ("added", added),
            ("done", [item.words for item in done]),
            ("undone", [item.words for item in undone]),
            ("removed", [item.words for item in removed]),
        )
        return Change(
            line=Line(
                kind=CHECKLIST,
                audience="internal",
                body={"done": count, "total": len(left) + len(added)},
                personal={"note": note},
            ),
            writes=(
                partial(_add, here, added, actor.name),
                partial(_mark, done, here.at, actor.name),
                partial(_mark, undone, None, ""),
                partial(_remove, removed),
            ),
        )

    return await change(host, reference, plan, actor=actor)


async def _add(here: Situation, lines: Sequence[Text], by: str) -> None:
    for words in lines:
        row = {"id": new_id(), "request": here.record.id, "words": as_json(words), "made_at": here.at}
        await insert_values(ItemRow, row | {"made_by": by[:120], "done_at": None, "done_by": ""})


async def _mark(items: Sequence[Item], at: datetime | None, by: str) -> None:
    if items:
        values: Row = {"done_at": at, "done_by": by[:120]}
        await ItemRow.update(values).where(ItemRow.id.is_in([item.id for item in items]))


async def _remove(items: Sequence[Item]) -> None:
    if items:
        await ItemRow.delete().where(ItemRow.id.is_in([item.id for item in items]))


def _note(*parts: tuple[str, Sequence[Text]]) -> Text:
    """What was done to the list, as it stands in the story."""
    lines = [BEGUN[did].format(line=words) for did, each in parts for words in each]
    return Text(fr="\n".join(each.to("fr") for each in lines), en="\n".join(each.to("en") for each in lines))


def _item(row: Row) -> Item:
    return Item(
        id=row["id"],
        words=msgspec.json.decode(row["words"], type=Text),
        made_at=row["made_at"],
        made_by=row["made_by"],
        done_at=row["done_at"],
        done_by=row["done_by"],
    )

"""What a document holds beside its sentences: tables of answers, fees and opinions, a map, pictures."""

import asyncio
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from parvis.i18n import format_date, say
from parvis.jurisdictions.ground import GROUND
from parvis.requests.answers_said import place_said
from parvis.requests.attached.attachments import FileHeld, StoredFile, content_of
from parvis.requests.changing import Situation
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import ArchivedEntry
from parvis.requests.parts.together import archived_parts, owed_by
from parvis.requests.places import addresses_of
from parvis.requests.visibility import HOLDER
from parvis_documents import wording
from parvis_documents.site_maps import SiteMap, site_map
from parvis_sdk.amounts import money_shown
from parvis_sdk.document_contents import (
    AnswersTable,
    FeeTable,
    OpinionTable,
    Picture,
    PlaceMap,
    columns_of,
    opinions_shown,
)
from parvis_sdk.document_rules import FEE_COLUMNS, OPINION_COLUMNS, fee_rows
from parvis_sdk.documents import Document
from parvis_sdk.fields import AnyField, Group, Money, Number
from parvis_sdk.requests import Attachment, Owed, Phase
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text

LONGEST_SIDE = 1400  # pixels: some 200 an inch across a sheet
QUALITY = 82


class Answered(Struct, frozen=True, kw_only=True):
    """The questions and answers that the document may show, and the files that the requester may open."""

    fields: Mapping[str, AnyField]
    answers: Mapping[str, Any]
    files: Mapping[str, StoredFile]

    @property
    def attachments(self) -> dict[str, Attachment]:
        return {id: each.attachment for id, each in self.files.items()}


class Holdings(Struct, frozen=True, kw_only=True):
    """What was read for tables, map and pictures, before it is said in a language; `pictures` are files by name."""

    here: Situation
    answered: Answered
    charges: tuple[Owed, ...] = ()
    opinions: tuple[ArchivedEntry, ...] = ()
    maps: dict[str, SiteMap] = {}
    pictures: dict[str, bytes] = {}


async def holdings_of(host: Host, here: Situation, document: Document, answered: Answered) -> Holdings:
    """Read all of it; nothing is read for what the document does not hold."""
    maps = await _maps(host, here, document)
    pictures = {f"{code}.svg": each.drawn for code, each in maps.items()}
    for each in document.holds:
        if isinstance(each, Picture):
            pictures |= await _pictures(host, each, answered)
    asked = [type(each) for each in document.holds]
    return Holdings(
        here=here,
        answered=answered,
        charges=await owed_by(host, here.record, here.request_type) if FeeTable in asked else (),
        opinions=await _opinions(host, here) if OpinionTable in asked else (),
        maps=maps,
        pictures=pictures,
    )


async def _opinions(host: Host, here: Situation) -> tuple[ArchivedEntry, ...]:
    """As their requester may read them once the request is decided, which it is by this document."""
    decided = structs.replace(here.record, phase=Phase.DECIDED)
    kinds = await archived_parts(host, HOLDER, decided, here.request_type, (Review.part,))
    return kinds[Review.part].entries if Review.part in kinds else ()


async def _maps(host: Host, here: Situation, document: Document) -> dict[str, SiteMap]:
    place = here.record.place
    found: dict[str, SiteMap] = {}
    for each in document.holds:
        if isinstance(each, PlaceMap) and place is not None:
            addresses = addresses_of(host, here.town)
            drawn = await asyncio.to_thread(site_map, here.town, addresses, place, each.around, each.layer)
            if drawn is not None:
                found[each.code] = drawn
    return found


async def _pictures(host: Host, picture: Picture, answered: Answered) -> dict[str, bytes]:
    """Those that are there, by the names under which the sheets show them."""
    found: dict[str, bytes] = {}
    for id in answered.answers.get(picture.of, ()):
        kept = answered.files.get(id)
        if kept is not None and len(found) < picture.most:
            try:
                with await content_of(host, kept) as content:
                    found[f"{picture.code}-{len(found) + 1}.jpg"] = await asyncio.to_thread(_bare, content.read())
            except (FileHeld, OSError):
                continue  # held, or gone from the store: the issuing agent is told that it is missing
    return found


def _bare(content: bytes) -> bytes:
    """A picture small enough for a sheet: upright, on white, and nothing but its pixels."""
    from PIL import Image, ImageOps  # loaded for the first document that shows a photo

    with Image.open(io.BytesIO(content)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright.getchannel("A"))
    sheet.save(written := io.BytesIO(), "JPEG", quality=QUALITY)
    return written.getvalue()


def held_in(document: Document, known: Holdings) -> list[dict[str, Any]]:
    """All of it in the language of the moment, as its template reads it; what is empty is left out."""
    drawn = [{"code": each.code, "title": say(each.title)} | _drawn(each, known) for each in document.holds]
    return [each for each in drawn if each.get("rows") or each.get("pictures")]


def _drawn(content: Any, known: Holdings) -> dict[str, Any]:
    match content:
        case AnswersTable():
            return _answers(content, known.answered)
        case FeeTable():
            rows = [[say(words), say(money_shown(cents))] for words, cents in fee_rows(known.charges, content.fee)]
            return _table(FEE_COLUMNS, rows, (3, 1), figures=(1,), summed=True)
        case OpinionTable():
            return _table(OPINION_COLUMNS, list(_opinion_rows(content, known)), (2, 2, 1))
        case PlaceMap():
            return _map(content, known)
        case Picture():
            names = [name for name in known.pictures if name.rpartition("-")[0] == content.code]
            shown = [{"file": name, "alt": say(content.alt), "below": "", "high": True} for name in names]
            return {"pictures": shown}
    return {}


def _table(
    columns: Iterable[Text],
    rows: list[list[str]],
    widths: tuple[int, ...],
    *,
    figures: tuple[int, ...] = (),
    summed: bool = False,
) -> dict[str, Any]:
    return {
        "columns": [say(each) for each in columns],
        "rows": rows,
        "widths": widths,
        "figures": figures,
        "summed": summed,
    }


def _answers(table: AnswersTable, answered: Answered) -> dict[str, Any]:
    group, entries = answered.fields.get(table.of), answered.answers.get(table.of, ())
    if not isinstance(group, Group):
        return {}
    columns, files = columns_of(table, group), answered.attachments
    rows = [
        ["\n".join(wording.said_lines(each, entry[each.code], files)) if each.code in entry else "" for each in columns]
        for entry in entries
    ]
    figures = tuple(place for place, each in enumerate(columns) if isinstance(each, Number | Money))
    return _table((each.label for each in columns), rows, (1,) * len(columns), figures=figures)


def _opinion_rows(table: OpinionTable, known: Holdings) -> Iterator[list[str]]:
    shown = [task.title for task in opinions_shown(table, known.here.request_type)]
    for each in known.opinions:
        if each.title in shown and each.at is not None:
            yield [say(each.title), say(each.said), format_date(each.at)]


def _map(content: PlaceMap, known: Holdings) -> dict[str, Any]:
    drawn, record = known.maps.get(content.code), known.here.record
    if drawn is None:
        return {}
    place = place_said(record.place, record.address, record.reference) or say(wording.MARKED)
    named = say(wording.STREETS).format(streets=", ".join(drawn.streets)) if drawn.streets else ""
    alt = say(wording.MAPPED).format(place=place, streets=named).strip()
    credit = say(GROUND.of(known.here.town).credit)
    return {"pictures": [{"file": f"{content.code}.svg", "alt": alt, "below": credit, "high": False}]}

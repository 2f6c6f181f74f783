"""Reading a layer so that only what changed is read again: page by page in order of object ids, from where it was left.

| when | what is read |
|---|---|
| first, after the settings of the layer changed, and once a day | every row; the host compares |
| else, where the layer knows its last edits | rows edited since the last one that we saw, a margin before it included |
| else | every row |

Each reading ends with the ids of all rows, so that what is gone is found. Rows that come between the pages come again
with the next reading.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field, structs

from parvis_gis_arcgis.attributes import EPOCH, Column, Subtype, facts_of, said
from parvis_gis_arcgis.geometries import Unreadable, geojson_of
from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_sdk.connectors import Feature, News, Whole
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

MARGIN = timedelta(minutes=5)  # before the last edit seen: edits become visible later than they are dated
APART = timedelta(hours=1)  # at most, between their clock and ours
ELSEWHERE = timedelta(days=1)  # at most, between UTC and the time of their edit dates, where they are in another
USUAL_PAGE = 1000
FORMAT = 1  # moves when rows become other features than before, so that every row is read again
Answer = TypeVar("Answer")


class ArcGISCaller(Protocol):
    """What speaks to ArcGIS."""

    async def ask(self, kind: type[Answer], url: str, asked: Mapping[str, Any]) -> Answer:
        """The answer of an operation."""
        ...


class TimeReference(Struct, frozen=True):
    """In which time dates are given."""

    zone: str = field(default="", name="timeZone")


class EditFields(Struct, frozen=True):
    """The columns that record the last editor and date."""

    edited: str | None = field(default="", name="editDateField")
    time: TimeReference | None = field(default=None, name="dateFieldsTimeReference")


class Able(Struct, frozen=True):
    """What queries may ask."""

    orders: bool | None = field(default=True, name="supportsOrderBy")


class LayerDescription(Struct, frozen=True):
    """What a layer says of itself."""

    name: str = ""
    object_id: str | None = field(default="", name="objectIdField")
    fields: list[Column] | None = None
    geometry: str | None = field(default="", name="geometryType")
    most: int | None = field(default=0, name="maxRecordCount")
    capabilities: str | None = ""
    edit_fields: EditFields | None = field(default=None, name="editFieldsInfo")
    able: Able | None = field(default=None, name="advancedQueryCapabilities")
    type_column: str | None = field(default="", name="typeIdField")
    subtype_column: str | None = field(default="", name="subtypeField")
    types: list[Subtype] | None = None
    subtypes: list[dict[str, Any]] | None = None

    @property
    def columns(self) -> dict[str, Column]:
        return {each.name: each for each in self.fields or []}

    @property
    def key(self) -> str:
        """The column of object ids."""
        named = next((each.name for each in self.fields or [] if each.type == "esriFieldTypeOID"), "")
        return self.object_id or named or "OBJECTID"

    @property
    def column_of_subtypes(self) -> str:
        return self.type_column or self.subtype_column or ""

    @property
    def by_subtype(self) -> dict[str, Subtype]:
        """Subtypes by their code, however this version of ArcGIS tells them."""
        named = [Subtype(id=each.get("code"), name=str(each.get("name", ""))) for each in self.subtypes or []]
        return {said(each.id): each for each in (*named, *(self.types or []))}


class Row(Struct, frozen=True):
    """A feature as it comes."""

    attributes: dict[str, Any] = {}
    geometry: dict[str, Any] | None = None


class Page(Struct, frozen=True):
    """A page of features."""

    features: list[Row] = []
    reference: dict[str, Any] | None = field(default=None, name="spatialReference")
    more: bool | None = field(default=False, name="exceededTransferLimit")
    fields: list[Column] | None = None


class Ids(Struct, frozen=True):
    """The ids of rows."""

    ids: list[int] | None = field(default=None, name="objectIds")


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a layer was read: what the host keeps as cursor.

    `reading` is what is being read now, `after` the last object id of it, `started` when it began and `seen` the last
    edit that came by in it; the next one looks for edits from `since` on. All in milliseconds. `of` tells the settings
    apart that rows were read with.
    """

    of: str = ""
    reading: Literal["", "whole", "edits"] = ""
    after: int = -1
    since: int = 0
    seen: int = 0
    started: int = 0
    whole_at: datetime | None = None


async def read_on(client: ArcGISCaller, layer: ReadLayer, cursor: str, now: datetime) -> News:
    """The next page of a layer."""
    about = await client.ask(LayerDescription, layer.url.rstrip("/"), {})
    if wrong := misfits(layer, about):
        raise Refused(together(wrong))
    place = begun(layer, about, place_of(cursor), now)
    page = await _page(client, layer, about, place)
    features = await asyncio.to_thread(_features, layer, about, page)
    ids = [_number(row.attributes.get(about.key)) for row in page.features]
    seen = max((_edit(row, layer, about) for row in page.features), default=0)
    place = structs.replace(place, seen=max(place.seen, seen), after=max([place.after, *ids]))
    if page.more or len(ids) >= size_of(layer, about):
        if not ids:
            raise Later(
                Text(
                    fr="le système annonce d’autres lignes, mais n’en donne aucune",
                    en="the system says that there are more rows, but gives none",
                )
            )
        return News(features=features, cursor=written(place), more=True)
    keys = await _keys(client, layer, about)
    ended = Place(
        of=place.of,
        since=max(place.since, _next_since(about, place)),
        whole_at=now if place.reading == "whole" else place.whole_at,
    )
    return News(features=features, whole=(Whole(layer=layer.name, keys=keys),), cursor=written(ended))


def misfits(layer: ReadLayer, about: LayerDescription) -> list[Text]:
    """What of the settings of a layer does not fit what it says of itself."""
    columns = about.columns
    wrong = [
        Text(
            fr=f"il n’y a pas de colonne {name!r} dans {about.name}", en=f"there is no column {name!r} in {about.name}"
        )
        for name in layer.columns
        if columns and name not in columns
    ]
    if about.able is not None and about.able.orders is False:
        wrong.append(
            Text(
                fr=f"{about.name} ne peut pas être lu en ordre (supportsOrderBy est faux)",
                en=f"{about.name} cannot be read in order (supportsOrderBy is false)",
            )
        )
    return wrong


def together(words: list[Text]) -> Text:
    """All of it as one."""
    return Text(fr="; ".join(each.fr for each in words), en="; ".join(each.en for each in words))


def begun(layer: ReadLayer, about: LayerDescription, place: Place, now: datetime) -> Place:
    """Where to read from: on, or a new reading."""
    of = _mark(layer)
    if place.of != of:
        return Place(of=of, reading="whole", started=_milliseconds(now))
    if place.reading:
        return place
    is_time = place.whole_at is None or now >= place.whole_at + timedelta(hours=layer.hours_between_wholes)
    by_edits = edit_column(layer, about) and place.since and not is_time
    started = _milliseconds(now)
    return structs.replace(place, reading="edits" if by_edits else "whole", after=-1, seen=0, started=started)


def edit_column(layer: ReadLayer, about: LayerDescription) -> str:
    """The column of the last edit, empty where there is none."""
    return layer.edited or (about.edit_fields.edited if about.edit_fields else "") or ""


def size_of(layer: ReadLayer, about: LayerDescription) -> int:
    """How many rows a page has at most."""
    return min(layer.page or about.most or USUAL_PAGE, about.most or 10_000)


def feature_of(layer: ReadLayer, about: LayerDescription, row: Row, reference: dict[str, Any] | None) -> Feature:
    """A row as the host keeps it."""
    named, columns = row.attributes, about.columns
    key = str(_number(named.get(about.key)))
    code = said(named.get(layer.code)) if layer.code else key
    trouble, geometry = "" if code else f"it has no {layer.code}", None
    try:
        geometry = geojson_of(row.geometry, reference)
    except Unreadable as error:
        trouble = str(error)
    name = said(named.get(layer.label)) if layer.label else ""
    return Feature(
        layer=layer.name,
        key=key,
        code=code,
        name=Text(fr=name, en=said(named.get(layer.label_en)) if layer.label_en else ""),
        geometry=geometry,
        facts=facts_of(
            named, layer.facts, columns, about.by_subtype, about.column_of_subtypes, ZoneInfo(layer.time_zone)
        ),
        trouble=trouble,
    )


def _features(layer: ReadLayer, about: LayerDescription, page: Page) -> tuple[Feature, ...]:
    return tuple(feature_of(layer, about, row, page.reference) for row in page.features)


def place_of(cursor: str) -> Place:
    """The cursor read; of another one than ours, the beginning."""
    try:
        return msgspec.json.decode(cursor, type=Place)
    except msgspec.MsgspecError:
        return Place()


def written(place: Place) -> str:
    return msgspec.json.encode(place).decode()


async def _page(client: ArcGISCaller, layer: ReadLayer, about: LayerDescription, place: Place) -> Page:
    where = f"({layer.where}) AND {about.key} > {place.after}"
    if place.reading == "edits":
        since = EPOCH + timedelta(milliseconds=place.since)
        where += f" AND {edit_column(layer, about)} >= timestamp '{since:%Y-%m-%d %H:%M:%S}'"
    subtype = about.column_of_subtypes
    edited = edit_column(layer, about)
    columns = dict.fromkeys([about.key, *layer.columns, *filter(None, (edited, subtype))])
    return await client.ask(
        Page,
        f"{layer.url.rstrip('/')}/query",
        {
            "where": where,
            "outFields": ",".join(columns),
            "orderByFields": f"{about.key} ASC",
            "resultRecordCount": str(size_of(layer, about)),
            "outSR": "4326",
            "returnGeometry": "true",
            "returnTrueCurves": "false",
            "returnZ": "false",
            "returnM": "false",
        },
    )


async def _keys(client: ArcGISCaller, layer: ReadLayer, about: LayerDescription) -> frozenset[str]:
    asked = {"where": layer.where, "returnIdsOnly": "true"}
    answer = await client.ask(Ids, f"{layer.url.rstrip('/')}/query", asked)
    if not answer.ids and not layer.may_be_empty:
        raise Later(
            Text(
                fr="le système dit que la couche est vide; si elle peut l’être, écrivez may_be_empty = true",
                en="the system says that the layer is empty; if that is possible, set may_be_empty = true",
            )
        )
    return frozenset(str(each) for each in answer.ids or ())


def _next_since(about: LayerDescription, place: Place) -> int:
    """From where on the next reading looks for edits.

    What was edited behind the pages that were read may be older than the newest edit that they held. Rows that were all
    loaded at one moment are not read again for ever: nothing is dated an hour before we asked and comes later.
    """
    time = about.edit_fields.time if about.edit_fields else None
    elsewhere = ELSEWHERE if time is not None and time.zone not in ("", "UTC") else timedelta(0)
    by_edits = min(place.seen, place.started) - _thousandths(MARGIN + elsewhere)
    return max(by_edits, place.started - _thousandths(APART + elsewhere)) if place.seen else 0


def _thousandths(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)


def _edit(row: Row, layer: ReadLayer, about: LayerDescription) -> int:
    value = row.attributes.get(edit_column(layer, about))
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Later(
            Text(fr="une ligne a été reçue sans identifiant d’objet", en="a row was received without its object id")
        )
    return value


def _milliseconds(now: datetime) -> int:
    return _thousandths(now - EPOCH)


def _mark(layer: ReadLayer) -> str:
    """Tells settings apart under which rows become other features."""
    told = (FORMAT, layer.url, layer.where, layer.columns, layer.facts, layer.time_zone)
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=8).hexdigest()

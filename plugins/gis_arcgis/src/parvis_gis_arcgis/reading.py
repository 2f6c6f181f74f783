"""Reading what crews changed in a layer: every feature edited since, page by page, and the photos that come after.

A window of edit dates is gone through by object id, so that neither a thousand edits of the same instant nor edits made
meanwhile are passed over: what is edited meanwhile falls into the next window. Windows overlap, for an edit may be
stamped before another one and be seen after it. What is read twice is known by what was sent and taken.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis_gis_arcgis.client import Client
from parvis_gis_arcgis.feature_layers import (
    Attachment,
    Row,
    attachments_of,
    content_of,
    count_of,
    edited_at,
    moment,
    rows_of,
    same_id,
)
from parvis_gis_arcgis.gis import NAME, Gis
from parvis_gis_arcgis.mapping import Layer, PublishedLayer, attributes_of, global_id_of, milliseconds, reference_column
from parvis_gis_arcgis.publishing import OWN_FILES, together
from parvis_sdk.connectors import Connection, News, Theirs
from parvis_sdk.errors import Refused
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import SentFile, Update
from parvis_sdk.text import Text

PAGE = 100  # features of one page of news
FIRST = timedelta(days=1)  # before the first poll: nothing older is news
OVERLAP = 10_000  # milliseconds
SECOND = 1000
UNKNOWN = -1
WATCHED_FOR = timedelta(hours=1)  # photos often come later than the change that they show
MOST_WATCHED = 200
LARGEST = 20_000_000  # bytes of a file
NOTED = Text(fr="Note de l’équipe dans ArcGIS\u00a0: {words}", en="Crew note in ArcGIS: {words}")
STANDS = Text(fr="État dans ArcGIS\u00a0: {state}", en="State in ArcGIS: {state}")
LEFT_THERE = Text(
    fr="Fichier resté dans ArcGIS, trop lourd ou illisible\u00a0: {name}",
    en="File left in ArcGIS (too large or unreadable): {name}",
)


class LayerCursor(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one layer was read: the window under way and where in it; the last edit seen, and how many since."""

    since: int
    until: int = 0
    after: int = 0
    newest: int = 0
    count: int = 0


class PhotoWatch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A feature whose photos may still come: until when it is watched, and what hung on it."""

    reference: str
    until: int
    seen: tuple[int, ...] = ()


async def changes(gis: Gis, connection: Connection, cursor: str) -> News:
    """What is new in each layer that is read, one page of each."""
    client = gis.client(connection)
    readings = msgspec.json.decode(cursor, type=dict[str, LayerCursor]) if cursor else {}
    watched = msgspec.convert(connection.remembered.get("watched", {}), dict[str, dict[str, PhotoWatch]])
    updates: list[Update] = []
    more = False
    for to in read_layers(gis.settings.mappings):
        layer = await gis.layer(client, to)
        number = str(layer.number)
        begun = readings.get(number) or LayerCursor(since=milliseconds(connection.now - FIRST))
        ours = ours_in(gis.settings.mappings, to)
        rows, readings[number] = await _page(client, layer, begun, ours, columns_read(gis.settings.mappings, to))
        more = more or readings[number].until > 0
        news, watch = await _news(gis, client, layer, to, rows, watched.get(number, {}), connection)
        updates += news
        watched[number] = watch
    updates.sort(key=lambda each: each.at or connection.now)
    remember = {"watched": msgspec.to_builtins(watched) if any(watched.values()) else None}
    return News(updates=tuple(updates), cursor=msgspec.json.encode(readings).decode(), more=more, remember=remember)


async def listed(gis: Gis, connection: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
    """What layers hold that bears one of our references and was edited since; later edits do not hide a feature."""
    client = gis.client(connection)
    held: list[Theirs] = []
    for to in dict.fromkeys(mapping.to for mapping in gis.settings.mappings):
        layer = await gis.layer(client, to)
        names = columns_read(gis.settings.mappings, to)
        ours = ours_in(gis.settings.mappings, to)
        edited = f" AND {layer.edited} >= {moment(milliseconds(since))}" if layer.edited else ""
        after, more = 0, True
        while more:
            where = f"{ours}{edited} AND {layer.object_id} > {after}"
            rows, more = await rows_of(client, layer, where, [*names, layer.edited])
            held += [await _theirs(gis, connection, layer, to, row) for row in rows]
            after = rows[-1][layer.object_id] if rows else after
            more = more and bool(rows)
    return tuple(held)


async def _theirs(gis: Gis, connection: Connection, layer: Layer, to: str, row: Row) -> Theirs:
    reference = reference_in(gis.settings.mappings, to, row)
    moves = {state for mapping in gis.settings.mappings if mapping.to == to for state in mapping.moves}
    reads = [mapping.read for mapping in gis.settings.mappings if mapping.to == to and mapping.read]
    update = None
    if layer.edited and any(str(row.get(name)) in moves for name in reads):
        request = await connection.request(reference)
        update = news_of(gis, layer, to, row, reference, request) if request else None
    return Theirs(external_reference=f"{layer.number}/{row[layer.object_id]}", reference=reference, update=update)


def read_layers(mappings: Iterable[PublishedLayer]) -> tuple[str, ...]:
    """The layers in which somebody there may change something that we read."""
    return tuple(dict.fromkeys(mapping.to for mapping in mappings if mapping.read or mapping.note))


def columns_read(mappings: Iterable[PublishedLayer], to: str) -> tuple[str, ...]:
    """The columns that say of which request a feature is, how it stands, and what the crew wrote."""
    there = [mapping for mapping in mappings if mapping.to == to]
    names = [name for each in there for name in (reference_column(each), each.read, each.note) if name]
    return tuple(dict.fromkeys(names))


def is_that_of(layer: Layer, row: Row, reference: str, request: ServiceRequest | None) -> bool:
    """Whether a feature with our reference is the one that we made, and no copy of it: by its global id, or by the
    number under which it is known."""
    theirs = row.get(layer.global_id) if layer.global_id else None
    if isinstance(theirs, str) and theirs:
        return same_id(theirs, global_id_of(reference))
    known = request.external_references.get(NAME, "") if request is not None else ""
    return known in ("", f"{layer.number}/{row[layer.object_id]}")


def ours_in(mappings: Iterable[PublishedLayer], to: str) -> str:
    """The condition that a feature bears a reference: what others keep in the layer is none of our business."""
    names = dict.fromkeys(reference_column(each) for each in mappings if each.to == to)
    return f"({' OR '.join(f'{name} IS NOT NULL' for name in names)})"


def reference_in(mappings: Iterable[PublishedLayer], to: str, row: Row) -> str:
    """The reference that a feature bears."""
    values = (row.get(reference_column(mapping)) for mapping in mappings if mapping.to == to)
    return next((value for value in values if isinstance(value, str) and value), "")


async def _page(
    client: Client, layer: Layer, reading: LayerCursor, ours: str, names: Iterable[str]
) -> tuple[list[Row], LayerCursor]:
    """The next features of a window; a window begins where something was edited since the last one.

    What was edited a moment ago is read once more: some servers keep whole seconds, in which it may be edited again.
    """
    if not reading.until:
        since = f"{ours} AND {layer.edited} >= {moment(reading.since)}"
        last, _ = await rows_of(client, layer, since, [layer.edited], order=f"{layer.edited} DESC", most=1)
        newest = last[0][layer.edited] if last else 0
        count = await count_of(client, layer, since) if last else 0
        if (newest, count) == (reading.newest, reading.count):
            return [], reading
        until = newest // SECOND * SECOND + SECOND
        reading = structs.replace(reading, until=until, after=0, newest=newest, count=count)
    window = f"{ours} AND {layer.edited} >= {moment(reading.since)} AND {layer.edited} < {moment(reading.until)}"
    where = f"{window} AND {layer.object_id} > {reading.after}"
    rows, exceeded = await rows_of(client, layer, where, [*names, layer.edited, layer.global_id], most=PAGE)
    if rows and (exceeded or len(rows) >= min(PAGE, layer.most)):
        return rows, structs.replace(reading, after=rows[-1][layer.object_id])
    since_then = max(reading.since, (reading.newest - OVERLAP) // SECOND * SECOND)
    is_fresh = milliseconds(client.now) - reading.newest < OVERLAP
    count = UNKNOWN if is_fresh else await count_of(client, layer, f"{ours} AND {layer.edited} >= {moment(since_then)}")
    return rows, LayerCursor(since=since_then, newest=reading.newest, count=count)


async def _news(
    gis: Gis,
    client: Client,
    layer: Layer,
    to: str,
    rows: list[Row],
    watched: Mapping[str, PhotoWatch],
    connection: Connection,
) -> tuple[list[Update], dict[str, PhotoWatch]]:
    """The news in these rows and the photos that came; and which features are watched from now on."""
    now = milliseconds(connection.now)
    watch = {number: each for number, each in watched.items() if each.until > now}
    updates: list[Update] = []
    for row in rows:
        reference = reference_in(gis.settings.mappings, to, row)
        if not reference:
            continue  # made there by somebody, and about no request of ours
        number, request = str(row[layer.object_id]), await connection.request(reference)
        is_ours = is_that_of(layer, row, reference, request)
        if is_ours:
            watch[number] = PhotoWatch(reference=reference, until=now + milliseconds_in(WATCHED_FOR))
        if update := news_of(gis, layer, to, row, reference, request):
            updates.append(update if is_ours else structs.replace(update, foreign=True))
    watch = dict(list(watch.items())[-MOST_WATCHED:])
    hanging = await attachments_of(client, layer, [int(number) for number in watch])
    for number, each in list(watch.items()):
        theirs = [file for file in hanging.get(int(number), ()) if not file.name.startswith(OWN_FILES)]
        seen = tuple(file.id for file in theirs)
        if seen == each.seen:
            continue
        watch[number] = structs.replace(each, seen=seen)
        taken = (await connection.recall(each.reference)).get("seen", ())
        if new := [file for file in theirs if file.id not in taken]:
            updates.append(await _with_files(client, layer, int(number), each.reference, new, seen))
    return updates, watch


def milliseconds_in(length: timedelta) -> int:
    """A length of time as ArcGIS counts it."""
    return length // timedelta(milliseconds=1)


def news_of(gis: Gis, layer: Layer, to: str, row: Row, reference: str, request: ServiceRequest | None) -> Update | None:
    """What a feature says that we have neither sent nor read nor would send now; None when it says nothing new.

    Of a request that is not known here, all that it says is news: the host keeps it for an operator to match.
    """
    mapping = gis.mapping_of(request.type) if request else None
    if mapping is None or mapping.to != to:
        mapping = next(each for each in gis.settings.mappings if each.to == to)
    kept: Mapping[str, Any] = request.remembered if request else {}
    state = row.get(mapping.read) if mapping.read else None
    ours = attributes_of(mapping, layer, request).get(mapping.read) if request else None
    sent = kept.get("sent", {}).get(mapping.read)
    theirs = kept.get("theirs")
    is_new = state not in (None, "", ours, sent, theirs)
    is_over = theirs not in (None, state)  # said again, it will be news again
    move = mapping.moves.get(str(state), "") if is_new else ""
    words = str(row.get(mapping.note) or "").strip() if mapping.note else ""
    notes = [NOTED.format(words=words)] if words and words != kept.get("note") else []
    if is_new and not move and request is not None:
        called = layer.fields[mapping.read].codes.get(state, state) if mapping.read in layer.fields else state
        notes.append(STANDS.format(state=called))
    if not move and not notes and not is_over:
        return None
    name = f"{layer.number}/{row[layer.object_id]}"
    said = hashlib.sha256(f"{state}\n{words}".encode("utf-8", "replace")).hexdigest()[:16]
    return Update(
        reference=reference,
        external_reference=name,
        key=f"{name}@{row.get(layer.edited)}:{said}",
        at=edited_at(layer, row),
        note=together(notes),
        move=move,
        given={mapping.told_as: words} if move and words and mapping.told_as else {},
        remember={"theirs": state if is_new else None if is_over else theirs, "note": words or None},
    )


async def _with_files(
    client: Client, layer: Layer, number: int, reference: str, new: list[Attachment], seen: tuple[int, ...]
) -> Update:
    """The news that files came: what they are, is found by the host."""
    files: list[SentFile] = []
    notes: list[Text] = []
    for file in new:
        if file.size > LARGEST:
            notes.append(LEFT_THERE.format(name=file.name))
            continue
        try:
            files.append(SentFile(name=file.name, content=await content_of(client, layer, number, file.id)))
        except Refused:
            notes.append(LEFT_THERE.format(name=file.name))
    ids = ",".join(str(file.id) for file in new)
    return Update(
        reference=reference,
        external_reference=f"{layer.number}/{number}",
        key=f"{layer.number}/{number}#{ids}",
        files=tuple(files),
        note=together(notes),
        remember={"seen": list(seen)},
    )

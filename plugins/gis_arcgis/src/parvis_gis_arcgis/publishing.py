"""Telling ArcGIS: each request is one feature, added once, kept up to date, with its photos, and gone when erased."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis_gis_arcgis.client import BadRequest, Client
from parvis_gis_arcgis.feature_layers import (
    ItemRefused,
    Row,
    add,
    attach,
    attachments_of,
    delete,
    detach,
    found,
    sure,
    update,
)
from parvis_gis_arcgis.gis import NAME, Gis
from parvis_gis_arcgis.mapping import Layer, PublishedLayer, attributes_of, point_of, reference_column
from parvis_sdk.connectors import Connection
from parvis_sdk.events import Amended, Erased, Event, Joined, Moved, Resent
from parvis_sdk.requests import Attachment, ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

OWN_FILES = "parvis-"
"""How the names of files begin that we hang on features."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/heic": "heic"}
NOT_TAKEN = Text(
    fr="ArcGIS a refusé la photo «\u00a0{name}\u00a0»\u00a0: {reason}",
    en="ArcGIS rejected the photo “{name}”: {reason}",
)


class RequestPublication(Struct, frozen=True, kw_only=True):
    """A request beside its layer: what was kept about it, and whether all of it is sent again."""

    client: Client
    layer: Layer
    mapping: PublishedLayer
    request: ServiceRequest
    kept: Mapping[str, Any]
    afresh: bool = False

    @property
    def attributes(self) -> Row:
        """The columns of its feature as they should be."""
        return attributes_of(self.mapping, self.layer, self.request)

    @property
    def point(self) -> Row | None:
        """Where its feature should be."""
        return point_of(self.request) if self.layer.holds_points else None

    @property
    def about(self) -> dict[str, str]:
        """What its feature bears of it: our reference, and the column that holds it."""
        return {"reference": self.request.reference, "column": reference_column(self.mapping)}

    async def there(self) -> Row | None:
        """Its feature as far as it matters, if there is one."""
        shown = [self.mapping.read] if self.mapping.read else []
        row = await found(self.client, self.layer, columns=shown, **self.about)
        if row is not None:
            await self.make_sure(row.get(self.layer.object_id))
        return row

    async def make_sure(self, number: Any) -> None:
        """Look at what stands there under an object id by which it was not known yet, before anything is written."""
        if self.request.external_references.get(NAME) != f"{self.layer.number}/{number}":
            await sure(self.client, self.layer, number=number, **self.about)


async def publish(gis: Gis, event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None:
    """Bring the layer up to date with a request, whatever is there of it."""
    if isinstance(event, Joined) and event.did == "moved":  # a step of the request with which this one goes on
        return None
    client, mapping = gis.client(connection), gis.mapping_of(request.type)
    if isinstance(event, Erased):
        await _erase(gis, client, mapping, request)
        return None
    is_retyped = isinstance(event, Amended) and "type" in event.changed
    has_left = is_retyped and await _leave(gis, client, mapping, request)
    forgotten: dict[str, Any] = dict.fromkeys(request.remembered) if has_left else {}
    if mapping is None:
        return Outcome(remember=forgotten) if has_left else None
    here = RequestPublication(
        client=client,
        layer=await gis.layer(client, mapping.to),
        mapping=mapping,
        request=request,
        kept={} if has_left else request.remembered,
        afresh=isinstance(event, Resent),
    )
    if not here.kept and not here.afresh and not _goes_there(gis, here, event):
        return Outcome(remember=forgotten) if has_left else None
    number, sent = await _bring_up_to_date(here)
    files, note = await _hang_photos(here, number, connection) if gis.settings.photos else ({}, None)
    name = f"{here.layer.number}/{number}"
    is_known = request.external_references.get(NAME) == name
    remember = {**forgotten, **_to_remember(here, sent), "files": files or None}
    return Outcome(
        external_reference="" if sent is None and is_known else name,
        remember={key: value for key, value in remember.items() if request.remembered.get(key) != value},
        note=note,
    )


def _goes_there(gis: Gis, here: RequestPublication, event: Event) -> bool:
    """Whether the time has come to publish a request of which nothing is there yet."""
    if here.request.goes_on_with:
        return False
    after = here.mapping.after
    if after and not (isinstance(event, Moved) and event.transition in after):
        return False
    wants_point = here.layer.holds_points and gis.settings.without_point == "leave_out"
    return not wants_point or here.point is not None


def _to_remember(here: RequestPublication, sent: Row | None) -> dict[str, Any]:
    """What is kept about a request: what was sent, so that only what is new is sent again and known as such."""
    remember: dict[str, Any] = {"type": here.request.type}
    if sent is not None:
        remember |= {"sent": {**here.kept.get("sent", {}), **sent}, "point": here.point}
        if here.mapping.read in sent:
            remember["theirs"] = None  # what the crew said before is over
    return remember


async def _bring_up_to_date(here: RequestPublication) -> tuple[int, Row | None]:
    """The object id of the feature, and what was sent of it, None if nothing was new.

    The first time it is simply added: a layer takes our global id once, and one that is there already, since an answer
    was lost, is found then. A layer without global ids is searched for our reference before anything is added.
    """
    is_first = bool(here.layer.global_id) and not here.kept and not here.afresh
    there = None if is_first else await here.there()
    if there is None:
        sent = here.attributes
        try:
            return await add(here.client, here.layer, attributes=sent, point=here.point, **here.about), sent
        except ItemRefused:
            there = await here.there() if is_first else None
            if there is None:
                raise
    return there[here.layer.object_id], await _changed(here, there)


async def _changed(here: RequestPublication, there: Row) -> Row | None:
    """Send what is new in a request to its feature.

    What a crew wrote into the column of its state, and what no poll has read yet, is left to be read.
    """
    before, mapping = here.kept.get("sent", {}), here.mapping
    everything = here.afresh or not before
    new = {name: value for name, value in here.attributes.items() if everything or before.get(name) != value}
    state = there.get(mapping.read) if mapping.read else None
    if str(state) in mapping.moves and state not in (before.get(mapping.read), here.kept.get("theirs")):
        new.pop(mapping.read, None)
    moved = here.point if everything or here.point != here.kept.get("point") else None
    if not new and moved is None:
        return None
    await update(here.client, here.layer, there[here.layer.object_id], new, moved, **here.about)
    return new


async def _hang_photos(
    here: RequestPublication, number: int, connection: Connection
) -> tuple[dict[str, int], Text | None]:
    """Hang the photos on the feature that are not there, and take off those that are not here any more.

    Answers our ids with theirs, 0 for one that was refused; and what is to be said of that.
    """
    client, layer = here.client, here.layer
    before: dict[str, int] = here.kept.get("files", {})
    photos = {file.id: file for file in here.request.attachments if file.kind.startswith("image/")}
    if not layer.has_attachments or (not photos and not before):
        return before, None
    missing = [file for file in photos.values() if file.id not in before]
    if missing or before.keys() - photos.keys():
        await here.make_sure(number)
    if gone := [theirs for id, theirs in before.items() if id not in photos and theirs]:
        await detach(client, layer, number, gone)
    files = {id: theirs for id, theirs in before.items() if id in photos}
    there = await attachments_of(client, layer, [number]) if missing else {}
    known = {each.name: each.id for each in there.get(number, ())}
    notes: list[Text] = []
    for file in missing:
        name = _name_of(file)
        try:
            files[file.id] = known.get(name) or await attach(
                client, layer, number, name, file.kind, await connection.content(file.id)
            )
        except (BadRequest, ItemRefused) as refused:
            files[file.id] = 0
            notes.append(NOT_TAKEN.format(name=file.name, reason=refused.words))
    return files, together(notes)


def _name_of(file: Attachment) -> str:
    """What we call a photo there: never as its owner did, who may be named in it."""
    return f"{OWN_FILES}{file.id}.{ENDINGS.get(file.kind, 'img')}"


async def _leave(gis: Gis, client: Client, mapping: PublishedLayer | None, request: ServiceRequest) -> bool:
    """Delete the feature that a request had as one of another type, in another layer; whether there was one."""
    before = gis.mapping_of(str(request.remembered.get("type", "")))
    if before is None or not request.remembered or (mapping is not None and mapping.to == before.to):
        return False
    await _delete(client, await gis.layer(client, before.to), before, request)
    return True


async def _erase(gis: Gis, client: Client, mapping: PublishedLayer | None, request: ServiceRequest) -> None:
    """Destroy there what was destroyed here. Blanked, a feature keeps what the type's own rule of retention keeps."""
    if mapping is None:
        return
    layer = await gis.layer(client, mapping.to)
    here = RequestPublication(client=client, layer=layer, mapping=mapping, request=request, kept={})
    keeps_no_place = bool(layer.geometry) and here.point is None
    if gis.settings.erased == "delete" or keeps_no_place:
        await _delete(client, layer, mapping, request)
        return
    there = await here.there()
    if there is None:
        return
    number = there[layer.object_id]
    left = {name: value for name, value in here.attributes.items() if name != mapping.read}
    if mapping.note in layer.fields:
        left[mapping.note] = None if layer.fields[mapping.note].nullable else ""
    await update(client, layer, number, left, here.point, **here.about)
    if hanging := (await attachments_of(client, layer, [number])).get(number):
        await detach(client, layer, number, [each.id for each in hanging])


async def _delete(client: Client, layer: Layer, mapping: PublishedLayer, request: ServiceRequest) -> None:
    """Delete the feature of a request, if it is there."""
    here = RequestPublication(client=client, layer=layer, mapping=mapping, request=request, kept={})
    there = await here.there()
    if there is None:
        return
    try:
        await delete(client, layer, there[layer.object_id], **here.about)
    except ItemRefused:
        if await here.there() is not None:
            raise


def together(notes: list[Text]) -> Text | None:
    """Several notes as one, each on a line of its own."""
    if not notes:
        return None
    return Text(fr="\n".join(each.fr for each in notes), en="\n".join(each.to("en") for each in notes))

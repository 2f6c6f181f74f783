"""The FeatureServer's dialect: what a layer says of itself, finding features, editing them, their attachments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from parvis_gis_arcgis.client import BadRequest, Client
from parvis_gis_arcgis.mapping import Layer, LayerField, global_id_of, moment_of
from parvis_sdk.errors import Foreign, Later, Refused, must_fit
from parvis_sdk.text import Text

Row = dict[str, Any]


class ItemRefused(Refused):
    """One feature or attachment was refused; what was sent beside it may have gone well."""


class _Field(Struct, frozen=True):
    name: str
    type: str = ""
    length: int | None = None
    nullable: bool | None = True
    editable: bool | None = True
    domain: dict[str, Any] | None = None
    default: Any = field(default=None, name="defaultValue")


class _EditFields(Struct, frozen=True):
    edited: str | None = field(default="", name="editDateField")
    time: dict[str, Any] | None = field(default=None, name="dateFieldsTimeReference")


class _Description(Struct, frozen=True):
    id: int
    name: str
    fields: list[_Field] | None = None
    object_id: str | None = field(default="", name="objectIdField")
    global_id: str | None = field(default="", name="globalIdField")
    by_global_id: bool | None = field(default=False, name="supportsApplyEditsWithGlobalIds")
    edit_fields: _EditFields | None = field(default=None, name="editFieldsInfo")
    capabilities: str | None = ""
    geometry: str | None = field(default="", name="geometryType")
    has_attachments: bool | None = field(default=False, name="hasAttachments")
    most: int | None = field(default=1000, name="maxRecordCount")


class _LayerName(Struct, frozen=True):
    id: int
    name: str = ""


class _Service(Struct, frozen=True):
    layers: list[_LayerName] = []
    tables: list[_LayerName] = []


class _Feature(Struct, frozen=True):
    attributes: Row


class _Features(Struct, frozen=True):
    features: list[_Feature]
    exceeded: bool = field(default=False, name="exceededTransferLimit")


class _Count(Struct, frozen=True):
    count: int


class _Error(Struct, frozen=True):
    code: int = 0
    description: str = ""


class _Result(Struct, frozen=True):
    success: bool
    object_id: int | None = field(default=None, name="objectId")
    global_id: str | None = field(default=None, name="globalId")
    error: _Error | None = None


class _EditResults(Struct, frozen=True):
    adds: list[_Result] = field(default_factory=list, name="addResults")
    updates: list[_Result] = field(default_factory=list, name="updateResults")
    deletes: list[_Result] = field(default_factory=list, name="deleteResults")


class _AttachmentAdded(Struct, frozen=True):
    result: _Result = field(name="addAttachmentResult")


class _AttachmentsDeleted(Struct, frozen=True):
    results: list[_Result] = field(default_factory=list, name="deleteAttachmentResults")


class Attachment(Struct, frozen=True):
    """A file that hangs on a feature."""

    id: int
    name: str = ""
    size: int = 0


class _Attachments(Struct, frozen=True):
    infos: list[Attachment] = field(default_factory=list, name="attachmentInfos")


class _Group(Struct, frozen=True):
    object_id: int = field(name="parentObjectId")
    infos: list[Attachment] = field(default_factory=list, name="attachmentInfos")


class _Groups(Struct, frozen=True):
    groups: list[_Group] = field(default_factory=list, name="attachmentGroups")


class NoSuchLayer(Later):
    """A mapping names a layer that is not there. What waits goes out once the operator corrected it."""


async def numbered(client: Client, service: str, to: str) -> int:
    """The number of the layer or table that a mapping names by its number or its name."""
    if to.isascii() and to.isdecimal():
        return int(to)
    about = await client.ask(_Service, service, {})
    found = next((each.id for each in (*about.layers, *about.tables) if each.name == to), None)
    if found is None:
        names = ", ".join(f"{each.name} ({each.id})" for each in (*about.layers, *about.tables))
        raise NoSuchLayer(
            Text(
                fr=f"il n’y a pas de couche {to!r}, seulement {names or 'aucune'}\u00a0: l’exploitant doit "
                "corriger la correspondance",
                en=f"it has no layer {to!r}, only {names or 'none'}: the operator must correct the mapping",
            )
        )
    return found


async def described(client: Client, service: str, number: int) -> Layer:
    """A layer as it describes itself."""
    url = f"{service}/{number}"
    told = await client.ask(_Description, url, {})
    edit_fields = told.edit_fields or _EditFields()
    fields = [
        LayerField(
            name=each.name,
            type=each.type,
            length=each.length,
            nullable=each.nullable is not False,
            editable=each.editable is not False,
            domain=each.domain,
            has_default=each.default is not None,
        )
        for each in told.fields or ()
    ]
    identity = next((each.name for each in fields if each.type == "esriFieldTypeOID"), "")
    return Layer(
        number=number,
        name=told.name,
        url=url,
        fields={each.name: each for each in fields},
        object_id=told.object_id or identity,
        global_id=(told.global_id or "") if told.by_global_id else "",
        edited=edit_fields.edited or "",
        capabilities=frozenset(part.strip() for part in (told.capabilities or "").split(",") if part.strip()),
        geometry=told.geometry or "",
        has_attachments=bool(told.has_attachments),
        most=told.most or 1000,
        time_zone=str((edit_fields.time or {}).get("timeZone") or ""),
    )


async def found(client: Client, layer: Layer, reference: str, column: str, columns: Iterable[str]) -> Row | None:
    """The feature of a request: by the global id that we gave it, else by the column that holds our reference."""
    where = f"{column} = {quoted(reference)}" if column else "1 = 0"
    if layer.global_id:
        where = f"{layer.global_id} = {quoted(global_id_of(reference))} OR {where}"
    rows, _ = await rows_of(client, layer, where, [layer.global_id, column, *columns], most=2)
    for row in rows:
        fits(layer, reference, column, row)
    return rows[0] if rows else None


async def sure(client: Client, layer: Layer, reference: str, column: str, number: Any) -> None:
    """Raise `Foreign` unless the feature with this object id is that of the request: the id may be another one's."""
    rows, _ = await rows_of(client, layer, f"{layer.object_id} = {number}", [layer.global_id, column], most=2)
    if [row.get(layer.object_id) for row in rows] != [number]:
        raise Foreign(reference, number=f"{layer.number}/{number}")
    fits(layer, reference, column, rows[0])


def fits(layer: Layer, reference: str, column: str, row: Row) -> None:
    """Raise `Foreign` unless a feature is that of the request: by the global id that we gave it, or by its column."""
    number = f"{layer.number}/{row.get(layer.object_id)}"
    if not same_id(row.get(layer.global_id), global_id_of(reference)):
        must_fit(reference, str(row.get(column) or ""), number)


def same_id(theirs: Any, ours: str) -> bool:
    """Whether a global id is that one, however it is written."""
    return isinstance(theirs, str) and theirs.strip("{}").lower() == ours.strip("{}").lower()


async def rows_of(
    client: Client, layer: Layer, where: str, columns: Iterable[str], *, order: str = "", most: int = 0
) -> tuple[list[Row], bool]:
    """The attributes of what the condition names, one page of it, by object id; and whether there is more."""
    names = dict.fromkeys([layer.object_id, *(name for name in columns if name in layer.fields)])
    asked = {
        "where": where,
        "outFields": ",".join(names),
        "returnGeometry": "false",
        "orderByFields": order or layer.object_id,
        "resultRecordCount": min(most or layer.most, layer.most),
    }
    page = await client.ask(_Features, f"{layer.url}/query", asked)
    return [each.attributes for each in page.features], page.exceeded


async def count_of(client: Client, layer: Layer, where: str) -> int:
    """How many features the condition names."""
    told = await client.ask(_Count, f"{layer.url}/query", {"where": where, "returnCountOnly": "true"})
    return told.count


async def add(
    client: Client, layer: Layer, reference: str, attributes: Row, point: Row | None, column: str = ""
) -> int:
    """A new feature under the global id of its reference, which the layer takes once; its object id.

    An answer that does not bear that id is compared with the feature that is found under our reference.
    """
    if layer.global_id:
        attributes = {**attributes, layer.global_id: global_id_of(reference)}
    feature = {"attributes": attributes, **({"geometry": point} if point else {})}
    edited = await _edit(client, layer, {"adds": [feature], "useGlobalIds": bool(layer.global_id)})
    made = _good(edited.adds, reference)
    number = made.object_id
    if number is None:
        raise Later(
            Text(
                fr="le système n’indique pas quel élément il a créé",
                en="the system does not state which feature it created",
            )
        )
    if layer.global_id and made.global_id:
        if not same_id(made.global_id, global_id_of(reference)):
            raise Foreign(reference, made.global_id, f"{layer.number}/{number}")
        return number
    there = await found(client, layer, reference, column, ())
    if there is None or there.get(layer.object_id) != number:
        raise Foreign(reference, number=f"{layer.number}/{number}")
    return number


async def update(
    client: Client,
    layer: Layer,
    number: int,
    attributes: Row,
    point: Row | None = None,
    *,
    reference: str,
    column: str = "",
) -> None:
    """Change these columns of the feature of a request, and its place if one is given.

    An answer that does not say which feature was changed is compared with the one that stands there then.
    """
    feature = {"attributes": {layer.object_id: number, **attributes}, **({"geometry": point} if point else {})}
    edited = await _edit(client, layer, {"updates": [feature], "useGlobalIds": False})
    if not _about(layer, number, reference, _good(edited.updates, reference)):
        await sure(client, layer, reference, column, number)


async def delete(client: Client, layer: Layer, number: int, *, reference: str, column: str = "") -> None:
    """Delete the feature of a request and what hangs on it; one that is there still was not the one deleted."""
    edited = await _edit(client, layer, {"deletes": str(number), "useGlobalIds": False})
    is_named = _about(layer, number, reference, _good(edited.deletes, reference))
    if not is_named and await found(client, layer, reference, column, ()) is not None:
        raise Foreign(reference, number=f"{layer.number}/{number}")


def _about(layer: Layer, number: int, reference: str, result: _Result) -> bool:
    """Whether the answer to a change says which feature was changed; `Foreign` where it says another one.

    A global id that is not the one that we gave says nothing by itself: a feature may bear our reference alone.
    """
    if result.object_id not in (None, number):
        raise Foreign(reference, result.global_id or "", f"{layer.number}/{result.object_id}")
    return bool(layer.global_id) and same_id(result.global_id, global_id_of(reference))


async def _edit(client: Client, layer: Layer, edits: Mapping[str, Any]) -> _EditResults:
    return await client.ask(_EditResults, f"{layer.url}/applyEdits", {**edits, "rollbackOnFailure": True})


def _good(results: Sequence[_Result], reference: str) -> _Result:
    """The one result there is, if it went well."""
    if not results:
        raise Later(
            Text(
                fr="le système n’indique pas le résultat de la modification",
                en="the system does not state the result of the edit",
            )
        )
    if len(results) > 1:  # one was sent
        raise Foreign(reference, number=", ".join(str(each.object_id) for each in results[:3]))
    if not results[0].success:
        error = results[0].error or _Error()
        raise ItemRefused(
            Text(
                fr=f"le système refuse l’élément ({error.code} {' '.join(error.description.split())[:300]})",
                en=f"it refuses the feature ({error.code} {' '.join(error.description.split())[:300]})",
            )
        )
    return results[0]


async def attachments_of(client: Client, layer: Layer, numbers: Sequence[int]) -> dict[int, list[Attachment]]:
    """What hangs on these features. One question for all of them, or one each where the server is too old for that."""
    if not numbers or not layer.has_attachments:
        return {}
    asked = {"objectIds": ",".join(map(str, numbers))}
    try:
        told = await client.ask(_Groups, f"{layer.url}/queryAttachments", asked)
    except BadRequest:
        return {number: await _attachments_of_one(client, layer, number) for number in numbers}
    return {group.object_id: group.infos for group in told.groups}


async def _attachments_of_one(client: Client, layer: Layer, number: int) -> list[Attachment]:
    try:
        return (await client.ask(_Attachments, f"{layer.url}/{number}/attachments", {})).infos
    except Refused:
        return []  # the feature is gone


async def attach(client: Client, layer: Layer, number: int, name: str, kind: str, content: bytes) -> int:
    """Hang a file on a feature; its number there."""
    told = await client.ask(_AttachmentAdded, f"{layer.url}/{number}/addAttachment", {}, file=(name, content, kind))
    return _good([told.result], name).object_id or 0


async def detach(client: Client, layer: Layer, number: int, ids: Sequence[int]) -> None:
    """Take files off a feature."""
    asked = {"attachmentIds": ",".join(map(str, ids)), "rollbackOnFailure": False}
    await client.ask(_AttachmentsDeleted, f"{layer.url}/{number}/deleteAttachments", asked)


async def content_of(client: Client, layer: Layer, number: int, attachment: int) -> bytes:
    """The bytes of a file."""
    return await client.fetch(f"{layer.url}/{number}/attachments/{attachment}")


def quoted(words: str) -> str:
    """Words in a condition."""
    return "'" + words.replace("'", "''") + "'"


def moment(milliseconds: int) -> str:
    """A moment in a condition, to the second: finer literals are not understood everywhere."""
    return f"timestamp '{moment_of(milliseconds):%Y-%m-%d %H:%M:%S}'"


def edited_at(layer: Layer, row: Row) -> datetime | None:
    """When a feature was last edited, where the layer keeps that."""
    value = row.get(layer.edited)
    return moment_of(value) if isinstance(value, int) else None

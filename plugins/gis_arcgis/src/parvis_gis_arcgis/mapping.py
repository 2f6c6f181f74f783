"""What a request is in a layer, and what a feature says of a request; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from parvis_sdk.errors import Refused
from parvis_sdk.mapping import Described, Mapped, column_of, row_for
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.text import Text

OURS = UUID("1d0f8c5e-6d5f-5a0b-9a6e-3f0c1b7a2e44")
"""The name space of the global ids that we derive from references. It never changes."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE = {"esriFieldTypeInteger", "esriFieldTypeSmallInteger", "esriFieldTypeBigInteger"}
DECIMAL = {"esriFieldTypeDouble", "esriFieldTypeSingle"}
DATE, WORDS = "esriFieldTypeDate", "esriFieldTypeString"
LARGEST = {"esriFieldTypeSmallInteger": 2**15, "esriFieldTypeInteger": 2**31, "esriFieldTypeBigInteger": 2**53}


class PublishedLayer(Mapped, frozen=True, kw_only=True, omit_defaults=True):
    """How requests of some types stand in one layer, which `to` names by its number or its name.

    `note` is their column with the words of the crew; `told_as` is the answer under which these words also go into the
    transition, so that the requester reads them.
    """

    note: str = ""
    told_as: str = ""


class LayerField(Struct, frozen=True, kw_only=True):
    """A column of a layer."""

    name: str
    type: str = ""
    length: int | None = None
    nullable: bool = True
    editable: bool = True
    domain: dict[str, Any] | None = None
    has_default: bool = False

    @property
    def codes(self) -> dict[Any, str]:
        """The codes that a coded domain allows, with their names."""
        values = (self.domain or {}).get("codedValues") or ()
        return {each["code"]: str(each.get("name", each["code"])) for each in values}


class Layer(Struct, frozen=True, kw_only=True):
    """A layer as it describes itself; what it does not have is empty."""

    number: int
    name: str
    url: str
    fields: dict[str, LayerField]
    object_id: str
    global_id: str = ""
    edited: str = ""
    capabilities: frozenset[str] = frozenset()
    geometry: str = ""
    has_attachments: bool = False
    most: int = 1000
    time_zone: str = ""

    @property
    def holds_points(self) -> bool:
        """Whether a feature of it is a point."""
        return self.geometry == "esriGeometryPoint"


def reference_column(mapping: Mapped) -> str:
    """Their column that holds our reference."""
    plain = ((name, column_of(column)) for name, column in mapping.columns.items())
    return next((name for name, column in plain if column.source == "reference" and not column.codes), "")


def global_id_of(reference: str) -> str:
    """The global id of the feature of a request: the same each time, so that a layer takes it once."""
    return f"{{{uuid5(OURS, reference)}}}".upper()


def attributes_of(mapping: Mapped, layer: Layer, request: ServiceRequest) -> dict[str, Any]:
    """Their columns with the values of a request, each as its field takes it."""
    row = row_for(mapping, request)
    return {
        name: value_for(layer.fields[name], value) if name in layer.fields else value for name, value in row.items()
    }


def value_for(field: LayerField, value: Any) -> Any:
    """A value as a field takes it: dates in milliseconds, words no longer than it holds, codes that it knows."""
    if value is None:
        return "" if field.type == WORDS and not field.nullable else None
    try:
        fitting = _fitting(field, value)
    except (ValueError, OverflowError) as error:
        raise Refused(
            Text(
                fr=f"la colonne {field.name!r} est d’un autre type ({field.type}) que {str(value)[:40]!r}",
                en=f"the column {field.name!r} is of another kind ({field.type}) than {str(value)[:40]!r}",
            )
        ) from error
    if field.codes and fitting not in field.codes:
        raise Refused(
            Text(
                fr=f"la colonne {field.name!r} n’accepte pas le code {fitting!r}",
                en=f"the column {field.name!r} does not allow the code {fitting!r}",
            )
        )
    return fitting


def _fitting(field: LayerField, value: Any) -> Any:
    if field.type == WORDS:
        words = str(value).lower() if isinstance(value, bool) else str(value)
        return words[: field.length] if field.length else words
    if field.type in WHOLE:
        number = int(value)
        if abs(number) >= LARGEST[field.type]:
            raise ValueError(value)
        return number
    if field.type in DECIMAL:
        return float(value)
    if field.type == DATE:
        return milliseconds(datetime.fromisoformat(str(value)))
    return value


def point_of(request: ServiceRequest) -> dict[str, Any] | None:
    """Where it is, in degrees: the layer moves it to its own spatial reference."""
    place = request.place
    if place is None or place.lon is None or place.lat is None:
        return None
    return {"x": place.lon, "y": place.lat, "spatialReference": {"wkid": 4326}}


def columns_of(layer: Layer) -> Mapping[str, Described]:
    """The layer's columns as `parvis_sdk.mapping.unlike` compares a table with them."""
    return {
        field.name: Described(
            kind=field.type.removeprefix("esriFieldType").lower(),
            most=field.length or 0 if field.type == WORDS else 0,
            required=not field.nullable and not field.has_default,
            writable=field.editable,
            codes=tuple(field.codes),
        )
        for field in layer.fields.values()
    }


def milliseconds(instant: datetime) -> int:
    """A moment as ArcGIS keeps it; a day without an hour begins at midnight of UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


def moment_of(since_1970: int) -> datetime:
    """The same the other way round."""
    return EPOCH + timedelta(milliseconds=since_1970)

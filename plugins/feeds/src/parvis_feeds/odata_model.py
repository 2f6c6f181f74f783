"""What spreadsheets and reports read by OData: sets of rows with named and typed columns, and their description."""

from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree as ET

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.lists.search import Row

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"
CAPABILITIES = "Org.OData.Capabilities.V1"
NAMESPACE = "Parvis"


class Property(Struct, frozen=True, kw_only=True):
    """A column: its name, its type of OData, and the column of the table by which it can be filtered, if it can."""

    name: str
    kind: str = "Edm.String"
    column: str = ""
    nullable: bool = False


class EntitySet(Struct, frozen=True, kw_only=True):
    """Rows that are read together; `key` names what tells them apart, `sortable` what they can be sorted by."""

    name: str
    type: str
    key: tuple[str, ...]
    properties: tuple[Property, ...]
    scope: str
    sortable: str = ""

    def property(self, name: str) -> Property | None:
        return next((each for each in self.properties if each.name == name), None)


STRING, MOMENT, WHOLE, NUMBER = "Edm.String", "Edm.DateTimeOffset", "Edm.Int32", "Edm.Double"
REQUESTS = EntitySet(
    name="Requests",
    type="Request",
    key=("Reference",),
    scope="requests:read",
    sortable="SubmittedAt",
    properties=(
        Property(name="Reference", column="reference"),
        Property(name="Type", column="type"),
        Property(name="TypeTitle"),
        Property(name="State", column="state"),
        Property(name="StateTitle"),
        Property(name="Phase", column="phase"),
        Property(name="Unit", column="unit"),
        Property(name="UnitName"),
        Property(name="Zone", column="zone"),
        Property(name="ZoneName"),
        Property(name="Address"),
        Property(name="Longitude", kind=NUMBER, column="lon", nullable=True),
        Property(name="Latitude", kind=NUMBER, column="lat", nullable=True),
        Property(name="Channel", column="channel"),
        Property(name="SubmittedAt", kind=MOMENT, column="submitted_at"),
        Property(name="UpdatedAt", kind=MOMENT, column="updated_at"),
        Property(name="StateSince", kind=MOMENT, column="state_since"),
        Property(name="PromisedAt", kind=MOMENT, column="promised_at", nullable=True),
        Property(name="Promise", column="promise"),
        Property(name="Late", kind="Edm.Boolean"),
        Property(name="Priority", kind=WHOLE, column="priority"),
        Property(name="Version", kind=WHOLE, column="version"),
    ),
)
FIGURES = EntitySet(
    name="MonthlyFigures",
    type="MonthlyFigure",
    key=("Month", "Dimension", "Code"),
    scope="reports:read",
    properties=(
        Property(name="Month", kind="Edm.Date"),
        Property(name="Dimension"),
        Property(name="Code"),
        Property(name="Received", kind=WHOLE),
        Property(name="Finished", kind=WHOLE),
        Property(name="MedianDays", kind=NUMBER, nullable=True),
        Property(name="NinetiethDays", kind=NUMBER, nullable=True),
        Property(name="PromisesKept", kind=WHOLE),
        Property(name="PromisesBroken", kind=WHOLE),
        Property(name="Answered", kind=WHOLE),
        Property(name="FirstAnswerMedianDays", kind=NUMBER, nullable=True),
        Property(name="Settled", kind=WHOLE),
        Property(name="Unsettled", kind=WHOLE),
        Property(name="Reopened", kind=WHOLE),
    ),
)


def request_row(row: Row, town: Jurisdiction, language: str) -> dict[str, Any]:
    """One request by the names of its columns."""
    unit, zone = town.unit(row.unit), town.zone(row.zone)
    return {
        "Reference": row.reference,
        "Type": row.type,
        "TypeTitle": row.title.to(language),
        "State": row.state,
        "StateTitle": row.state_title.to(language),
        "Phase": str(row.phase),
        "Unit": row.unit,
        "UnitName": unit.name.to(language) if unit else row.unit,
        "Zone": row.zone,
        "ZoneName": zone.name.to(language) if zone else row.zone,
        "Address": row.address,
        "Longitude": row.lon,
        "Latitude": row.lat,
        "Channel": row.channel,
        "SubmittedAt": row.submitted_at,
        "UpdatedAt": row.updated_at,
        "StateSince": row.state_since,
        "PromisedAt": row.promised_at,
        "Promise": row.promise,
        "Late": row.is_late,
        "Priority": row.priority,
        "Version": row.version,
    }


def metadata(sets: Iterable[EntitySet]) -> bytes:
    """The description of these sets (CSDL XML), with what each can be filtered and sorted by."""
    known = tuple(sets)
    root = ET.Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": EDMX})
    services = ET.SubElement(root, "edmx:DataServices")
    schema = ET.SubElement(services, "Schema", {"Namespace": NAMESPACE, "xmlns": EDM})
    for each in known:
        _entity_type(schema, each)
    container = ET.SubElement(schema, "EntityContainer", {"Name": "Container"})
    for each in known:
        entity_set = ET.SubElement(
            container, "EntitySet", {"Name": each.name, "EntityType": f"{NAMESPACE}.{each.type}"}
        )
        _restricted(entity_set, "Filter", [one.name for one in each.properties if not one.column], each.properties)
        _restricted(
            entity_set, "Sort", [one.name for one in each.properties if one.name != each.sortable], each.properties
        )
        filters = {"Term": f"{CAPABILITIES}.FilterFunctions"}
        ET.SubElement(ET.SubElement(entity_set, "Annotation", filters), "Collection")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _entity_type(schema: ET.Element, described: EntitySet) -> None:
    entity = ET.SubElement(schema, "EntityType", {"Name": described.type})
    key = ET.SubElement(entity, "Key")
    for name in described.key:
        ET.SubElement(key, "PropertyRef", {"Name": name})
    for each in described.properties:
        precision = {"Precision": "6"} if each.kind == MOMENT else {}
        given = {"Name": each.name, "Type": each.kind, "Nullable": str(each.nullable).lower()}
        ET.SubElement(entity, "Property", given | precision)


def _restricted(entity_set: ET.Element, what: str, names: list[str], every: tuple[Property, ...]) -> None:
    """That some of the columns, or all, take no part in filters or sorting."""
    annotation = ET.SubElement(entity_set, "Annotation", {"Term": f"{CAPABILITIES}.{what}Restrictions"})
    record = ET.SubElement(annotation, "Record")
    able = str(len(names) < len(every)).lower()
    ET.SubElement(
        record, "PropertyValue", {"Property": f"{what}able" if what == "Sort" else "Filterable", "Bool": able}
    )
    value = ET.SubElement(record, "PropertyValue", {"Property": f"Non{what}ableProperties"})
    collection = ET.SubElement(value, "Collection")
    for name in names:
        ET.SubElement(collection, "PropertyPath").text = name

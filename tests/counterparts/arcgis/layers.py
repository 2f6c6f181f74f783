"""A layer: what is declared of it, what it says of itself, and its features, which a test reads and changes."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import msgspec

from .geometry import KINDS, Geometry, moved, shape, spatial_reference

FieldType = Literal["String", "Integer", "SmallInteger", "Double", "Date"]
OBJECT_ID, GLOBAL_ID = "OBJECTID", "GlobalID"
CREATED, CREATOR, EDITED, EDITOR = "CreationDate", "Creator", "EditDate", "Editor"
COLUMNS = {"String": "TEXT", "Double": "REAL"}
COMPARED_AS = {"String": "text", "Date": "date", "GlobalID": "guid"}


class Field(msgspec.Struct, frozen=True):
    """A column; `domain` names the codes that it takes."""

    name: str
    type: FieldType = "String"
    length: int = 255
    nullable: bool = True
    domain: Mapping[str | int, str] | None = None
    alias: str = ""


class Layer(msgspec.Struct, frozen=True):
    """What is declared of a layer; `geometry` is point, polyline, polygon, or None for a table."""

    name: str
    fields: tuple[Field, ...] = ()
    geometry: Literal["point", "polyline", "polygon"] | None = "point"
    wkid: int = 4326
    max_record_count: int = 2000
    capabilities: tuple[str, ...] = ("Create", "Delete", "Query", "Update", "Editing")
    attachments: bool = True
    largest_attachment: int = 10_000_000
    edit_tracking: bool = True


class Feature(msgspec.Struct, frozen=True):
    """One row as a reader of the layer finds it."""

    attributes: dict[str, Any]
    geometry: Geometry | None

    def __getitem__(self, name: str) -> Any:
        return self.attributes[name]


class Attachment(msgspec.Struct, frozen=True):
    """A file that hangs on a feature."""

    id: int
    global_id: str
    object_id: int
    name: str
    content_type: str
    content: bytes


class ServedLayer:
    """A layer with its features; safe to use from the test while requests come in."""

    def __init__(self, declared: Layer, number: int, service: str, clock: Callable[[], datetime]) -> None:
        self.declared, self.number, self.url, self.clock = declared, number, f"{service}/{number}", clock
        self.lock = threading.RLock()
        self.last_edit = milliseconds(clock())
        self.types: dict[str, str] = {OBJECT_ID: "OID", GLOBAL_ID: "GlobalID"}
        self.types |= {field.name: field.type for field in declared.fields}
        if declared.edit_tracking:
            self.types |= {CREATED: "Date", CREATOR: "String", EDITED: "Date", EDITOR: "String"}
        self.rows = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.rows.create_function("UPPER", 1, lambda text: text and text.upper(), deterministic=True)
        self.rows.create_function("LOWER", 1, lambda text: text and text.lower(), deterministic=True)
        self.rows.executescript(_tables(self.types))

    # What a test asks and does; `wkid` is that of the layer unless said otherwise.

    @property
    def features(self) -> list[Feature]:
        """All, oldest first."""
        return [Feature(attributes, geometry) for attributes, geometry in self.select("1", ())]

    def feature(self, object_id: int) -> Feature | None:
        found = self.select(f"{OBJECT_ID} = ?", (object_id,))
        return Feature(*found[0]) if found else None

    @property
    def attachments(self) -> list[Attachment]:
        """All, oldest first."""
        return self.attached()

    def add(self, attributes: Mapping[str, Any], geometry: Geometry | None = None, wkid: int | None = None) -> int:
        """Someone there adds a feature, for instance a crew in its app; its object id."""
        if geometry and wkid and wkid != self.declared.wkid:
            geometry = moved(geometry, wkid, self.declared.wkid)
        return self.insert(dict(attributes), geometry, "terrain")[0]

    def fill(self, features: Iterable[tuple[Mapping[str, Any], Geometry | None]]) -> None:
        """Many at once."""
        with self.lock:
            self.rows.execute("BEGIN")
            for attributes, geometry in features:
                self.insert(dict(attributes), geometry, "terrain")
            self.rows.execute("COMMIT")

    def change(self, object_id: int, **attributes: Any) -> None:
        """Someone there changes a feature."""
        self.update(object_id, attributes, None, "terrain")

    def remove(self, object_id: int) -> None:
        """Someone there deletes a feature."""
        assert self.delete(object_id), f"no feature {object_id}"

    # What operations stand on.

    def insert(self, attributes: dict[str, Any], geometry: Geometry | None, who: str) -> tuple[int, str]:
        now = milliseconds(self.clock())
        row = {GLOBAL_ID: new_global_id(), **attributes, **_place(geometry)}
        if self.declared.edit_tracking:
            row = {CREATED: now, CREATOR: who, EDITED: now, EDITOR: who, **row}
        names = ", ".join(f'"{name}"' for name in row)
        with self.lock:
            self.last_edit = now
            made = self.rows.execute(
                f"INSERT INTO features ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
            )
        return int(made.lastrowid or 0), str(row[GLOBAL_ID])

    def update(self, object_id: int, attributes: Mapping[str, Any], geometry: Geometry | None, who: str) -> None:
        now = milliseconds(self.clock())
        row = {**attributes, **(_place(geometry) if geometry else {})}
        if self.declared.edit_tracking:
            row = {EDITED: now, EDITOR: who, **row}
        names = ", ".join(f'"{name}" = ?' for name in row)
        with self.lock:
            self.last_edit = now
            if row:
                self.rows.execute(f"UPDATE features SET {names} WHERE {OBJECT_ID} = ?", (*row.values(), object_id))

    def delete(self, object_id: int) -> bool:
        with self.lock:
            self.last_edit = milliseconds(self.clock())
            self.rows.execute("DELETE FROM attachments WHERE object_id = ?", (object_id,))
            return self.rows.execute(f"DELETE FROM features WHERE {OBJECT_ID} = ?", (object_id,)).rowcount > 0

    def select(
        self, condition: str, values: Sequence[Any], order: str = OBJECT_ID, limit: str = ""
    ) -> list[tuple[dict[str, Any], Geometry | None]]:
        names = ", ".join(f'"{name}"' for name in self.types)
        statement = f"SELECT {names}, geometry FROM features WHERE {condition} ORDER BY {order} {limit}"
        with self.lock:
            found = self.rows.execute(statement, values).fetchall()
        return [
            (dict(zip(self.types, row[:-1], strict=True)), json.loads(row[-1]) if row[-1] else None) for row in found
        ]

    def identity(self, name: str, value: Any) -> tuple[int, str] | None:
        """Object id and global id of the one with this object id or global id."""
        with self.lock:
            statement = f'SELECT {OBJECT_ID}, "{GLOBAL_ID}" FROM features WHERE "{name}" = ?'
            found = self.rows.execute(statement, (value,)).fetchone()
        return found and (found[0], found[1])

    def attach(self, object_id: int, name: str, content_type: str, content: bytes) -> tuple[int, str]:
        global_id = new_global_id()
        with self.lock:
            made = self.rows.execute(
                "INSERT INTO attachments (global_id, object_id, name, content_type, content) VALUES (?, ?, ?, ?, ?)",
                (global_id, object_id, name, content_type, content),
            )
        return int(made.lastrowid or 0), global_id

    def attached(self, object_id: int | None = None) -> list[Attachment]:
        with self.lock:
            found = self.rows.execute(
                "SELECT id, global_id, object_id, name, content_type, content FROM attachments"
                " WHERE ?1 IS NULL OR object_id = ?1 ORDER BY id",
                (object_id,),
            ).fetchall()
        return [Attachment(*row) for row in found]

    def detach(self, object_id: int, attachment_id: int) -> bool:
        with self.lock:
            statement = "DELETE FROM attachments WHERE id = ? AND object_id = ?"
            return self.rows.execute(statement, (attachment_id, object_id)).rowcount > 0

    def close(self) -> None:
        with self.lock:
            self.rows.close()

    @property
    def kinds(self) -> dict[str, str]:
        """As what each field is compared: text, number, date or guid."""
        return {name: COMPARED_AS.get(kind, "number") for name, kind in self.types.items()}

    def described(self) -> dict[str, Any]:
        """What the layer says of itself."""
        declared = self.declared
        about: dict[str, Any] = {
            "currentVersion": 11.2,
            "id": self.number,
            "name": declared.name,
            "type": "Feature Layer" if declared.geometry else "Table",
            "description": "",
            "objectIdField": OBJECT_ID,
            "uniqueIdField": {"name": OBJECT_ID, "isSystemMaintained": True},
            "globalIdField": GLOBAL_ID,
            "displayField": declared.fields[0].name if declared.fields else OBJECT_ID,
            "typeIdField": "",
            "fields": [self.field(name) for name in self.types],
            "types": [],
            "templates": [],
            "hasAttachments": declared.attachments,
            "capabilities": ",".join(declared.capabilities),
            "maxRecordCount": declared.max_record_count,
            "supportedQueryFormats": "JSON, geoJSON",
            "supportsRollbackOnFailureParameter": True,
            "supportsApplyEditsWithGlobalIds": True,
            "supportsStatistics": False,
            "supportsAdvancedQueries": True,
            "advancedQueryCapabilities": {
                "supportsPagination": True,
                "supportsOrderBy": True,
                "supportsStatistics": False,
                "supportsReturningQueryExtent": False,
                "supportsQueryWithDistance": True,
            },
            "dateFieldsTimeReference": {"timeZone": "UTC", "respectsDaylightSaving": False},
            "editingInfo": {"lastEditDate": self.last_edit},
        }
        if declared.edit_tracking:
            names = {"creationDateField": CREATED, "creatorField": CREATOR, "editDateField": EDITED}
            about["editFieldsInfo"] = {**names, "editorField": EDITOR}
        if declared.geometry:
            about["geometryType"] = KINDS[declared.geometry]
            about["extent"] = self.extent()
        return about

    def extent(self) -> dict[str, Any]:
        with self.lock:
            least = self.rows.execute("SELECT min(west), min(south), max(east), max(north) FROM features").fetchone()
        corners = ("NaN" if value is None else value for value in least)
        named = dict(zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True))
        return {**named, "spatialReference": spatial_reference(self.declared.wkid)}

    def field(self, name: str) -> dict[str, Any]:
        """What the layer says of one of its fields."""
        declared = next((field for field in self.declared.fields if field.name == name), Field(name))
        own = name not in {field.name for field in self.declared.fields}
        kind = self.types[name]
        about: dict[str, Any] = {
            "name": name,
            "type": f"esriFieldType{kind}",
            "alias": declared.alias or name,
            "sqlType": "sqlTypeOther",
            "nullable": declared.nullable and name not in (OBJECT_ID, GLOBAL_ID),
            "editable": not own,
            "domain": None,
            "defaultValue": None,
        }
        if kind in ("String", "GlobalID", "Date"):
            about["length"] = {"GlobalID": 38, "Date": 8}.get(kind, declared.length)
        if declared.domain is not None:
            coded = [{"name": name, "code": code} for code, name in declared.domain.items()]
            about["domain"] = {"type": "codedValue", "name": f"d_{name}", "codedValues": coded}
        return about


def milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def new_global_id() -> str:
    return f"{{{uuid4()}}}".upper()


def _place(geometry: Geometry | None) -> dict[str, Any]:
    if geometry is None:
        return dict.fromkeys(("geometry", "west", "south", "east", "north"))
    west, south, east, north = shape(geometry).bounds
    return {"geometry": json.dumps(geometry), "west": west, "south": south, "east": east, "north": north}


def _tables(types: Mapping[str, str]) -> str:
    columns = [f'"{name}" {COLUMNS.get(kind, "INTEGER")}' for name, kind in types.items() if kind[-2:] != "ID"]
    columns = [f"{OBJECT_ID} INTEGER PRIMARY KEY AUTOINCREMENT", f'"{GLOBAL_ID}" TEXT COLLATE NOCASE UNIQUE', *columns]
    return f"""
        PRAGMA case_sensitive_like = ON;
        CREATE TABLE features ({", ".join(columns)}, geometry TEXT, west REAL, south REAL, east REAL, north REAL);
        CREATE TABLE attachments (id INTEGER PRIMARY KEY AUTOINCREMENT, global_id TEXT, object_id INTEGER, name TEXT,
            content_type TEXT, content BLOB);
    """

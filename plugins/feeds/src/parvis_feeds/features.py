"""Requests as features of a map (GeoJSON, RFC 7946): longitude first, in CRS84."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from parvis.requests.lists.search import Row
from parvis_sdk.text import Text


class FeatureProperty(Struct, frozen=True, kw_only=True):
    """What is told of a request beside its point; `kind` is a type of JSON Schema, `staff` for tokens alone."""

    name: str
    title: Text
    read: Callable[[Row, str], Any]
    kind: str = "string"
    format: str = ""
    staff: bool = False


def _at(name: str, title: Text, read: Callable[[Row], Any], *, staff: bool = False) -> FeatureProperty:
    return FeatureProperty(
        name=name, title=title, format="date-time", staff=staff, read=lambda row, language: read(row)
    )


PROPERTIES = (
    FeatureProperty(name="reference", title=Text(fr="Numéro", en="Number"), read=lambda row, _: row.reference),
    FeatureProperty(
        name="type", title=Text(fr="Code du service", en="Code of the service"), read=lambda row, _: row.type
    ),
    FeatureProperty(name="title", title=Text(fr="Service", en="Service"), read=lambda row, words: row.title.to(words)),
    FeatureProperty(
        name="state", title=Text(fr="Code de l’état", en="Code of the state"), read=lambda row, _: row.state
    ),
    FeatureProperty(
        name="state_title", title=Text(fr="État", en="State"), read=lambda row, words: row.state_title.to(words)
    ),
    FeatureProperty(name="phase", title=Text(fr="Phase", en="Phase"), read=lambda row, _: str(row.phase)),
    FeatureProperty(name="address", title=Text(fr="Adresse", en="Address"), read=lambda row, _: row.address),
    FeatureProperty(name="zone", title=Text(fr="Secteur", en="District"), read=lambda row, _: row.zone),
    _at("submitted_at", Text(fr="Reçue", en="Received"), lambda row: row.submitted_at),
    _at("changed_at", Text(fr="Dernier changement d’état", en="Last change of state"), lambda row: row.state_since),
    _at("promised_at", Text(fr="Date promise", en="Promised date"), lambda row: row.promised_at),
    _at("updated_at", Text(fr="Mise à jour", en="Updated"), lambda row: row.updated_at, staff=True),
    FeatureProperty(
        name="late",
        title=Text(fr="En retard", en="Late"),
        kind="boolean",
        staff=True,
        read=lambda row, _: row.is_late,
    ),
    FeatureProperty(name="unit", title=Text(fr="Unité", en="Unit"), staff=True, read=lambda row, _: row.unit),
    FeatureProperty(name="channel", title=Text(fr="Canal", en="Channel"), staff=True, read=lambda row, _: row.channel),
)


def properties(*, staff: bool) -> tuple[FeatureProperty, ...]:
    """Those that are told to everybody, or to tokens."""
    return tuple(each for each in PROPERTIES if staff or not each.staff)


def feature(row: Row, language: str, url: str, *, staff: bool) -> dict[str, Any]:
    """One request by its number; without a point it has no geometry, and no page leads to it where `url` is empty."""
    is_placed = row.lon is not None and row.lat is not None
    told = {each.name: each.read(row, language) for each in properties(staff=staff)}
    return {
        "type": "Feature",
        "id": row.reference,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]} if is_placed else None,
        "properties": {**told, "url": url},
    }


def schema(language: str, *, staff: bool) -> Mapping[str, Any]:
    """The properties of a feature as JSON Schema."""
    told = {
        each.name: {"type": each.kind, "title": each.title.to(language)}
        | ({"format": each.format} if each.format else {})
        for each in properties(staff=staff)
    }
    return {**told, "url": {"type": "string", "format": "uri"}}

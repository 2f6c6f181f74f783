"""The connector: what ArcGIS is told of, and what is asked of it."""

from datetime import datetime, timedelta

from parvis_gis_arcgis import checking, reading
from parvis_gis_arcgis.gis import NAME, Gis
from parvis_gis_arcgis.publishing import publish
from parvis_gis_arcgis.settings import Settings
from parvis_sdk.connectors import Checked, Connection, Connector, News, Pace, Theirs
from parvis_sdk.events import (
    Amended,
    Assigned,
    Erased,
    Event,
    FilesReady,
    Joined,
    Moved,
    Received,
    Rescheduled,
    Submitted,
)
from parvis_sdk.mapping import needs_of
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Need, Outcome
from parvis_sdk.text import Text

TITLE = Text(fr="Couches d’ArcGIS", en="ArcGIS layers")
EVENTS: tuple[type[Event], ...] = (
    *(Submitted, Moved, Assigned, Amended, Rescheduled),
    *(Received, FilesReady, Joined, Erased),
)


def connector_of(settings: Settings) -> Connector:
    """The connector of these settings."""
    gis = Gis(settings)

    async def deliver(event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None:
        return await publish(gis, event, request, connection)

    async def changes(connection: Connection, cursor: str) -> News:
        return await reading.changes(gis, connection, cursor)

    async def check(connection: Connection) -> tuple[Checked, ...]:
        return await checking.check(gis, connection)

    async def listed(connection: Connection, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        return await reading.listed(gis, connection, since, until)

    types = {code for mapping in settings.mappings for code in mapping.types}
    return Connector(
        name=NAME,
        title=TITLE,
        address=settings.features_url,
        deliver=deliver,
        events=EVENTS,
        needs=needs_for(settings),
        types=tuple(sorted(types)) if all(mapping.types for mapping in settings.mappings) else (),
        towns=settings.towns,
        pace=Pace(at_once=settings.at_once, per_second=settings.per_second, seconds=settings.seconds),
        mappings=settings.mappings,
        changes=changes if reading.read_layers(settings.mappings) else None,
        every=timedelta(seconds=settings.every),
        check=check,
        listed=listed,
    )


def needs_for(settings: Settings) -> tuple[Need, ...]:
    """What must be known of a request to fill the layers: of a person only what a mapping names."""
    needs: list[Need] = list(needs_of(settings.mappings))
    if settings.personal:
        needs.append("personal")
    if settings.photos:
        needs.append("attachments")
    return tuple(needs)

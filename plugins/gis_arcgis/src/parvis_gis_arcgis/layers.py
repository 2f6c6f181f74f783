"""Layers of the town that copies are kept of: each read by a connector of its own."""

from collections.abc import Callable
from datetime import timedelta

from parvis_gis_arcgis.client import Client
from parvis_gis_arcgis.layer_checking import check_layer
from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.settings import Settings
from parvis_gis_arcgis.synchronising import ArcGISCaller, read_on
from parvis_gis_arcgis.tokens import access_of
from parvis_sdk.connectors import Checked, Connection, Connector, News, Pace
from parvis_sdk.events import Event
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

TITLE = Text(fr="Couche «\u00a0{name}\u00a0» d’ArcGIS", en="ArcGIS layer “{name}”")
ClientOf = Callable[[ReadLayer, Connection], ArcGISCaller]


def layer_connectors(settings: Settings) -> list[Connector]:
    """One connector a layer, so that one whose service is away or refused holds up no other; they share one sign-in."""
    ours, nobodys = access_of(settings), access_of(Settings())

    def client_of(layer: ReadLayer, connection: Connection) -> Client:
        access = ours if layer.signed_in else nobodys
        return Client(connection.http, connection.now, access, settings.referer)

    return [layer_connector(each, client_of) for each in settings.layers]


def layer_connector(layer: ReadLayer, client_of: ClientOf) -> Connector:
    """What reads a layer."""

    async def deliver(event: Event, request: ServiceRequest, connection: Connection) -> Outcome | None:
        return None  # it only brings

    async def changes(connection: Connection, cursor: str) -> News:
        return await read_on(client_of(layer, connection), layer, cursor, connection.now)

    async def check(connection: Connection) -> tuple[Checked, ...]:
        return await check_layer(client_of(layer, connection), layer)

    return Connector(
        name=layer.connector_name,
        title=TITLE.format(name=layer.name),
        address=layer.url,
        deliver=deliver,
        events=(),
        towns=layer.towns,
        layers=(layer.name,),
        pace=Pace(at_once=2, seconds=layer.seconds),
        changes=changes,
        every=timedelta(minutes=layer.minutes),
        check=check,
    )

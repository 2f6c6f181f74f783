"""The town's ArcGIS as one connector knows it: its settings, its token, and its layers as they were last described."""

from datetime import datetime, timedelta

from parvis_gis_arcgis.client import Client
from parvis_gis_arcgis.feature_layers import described, numbered
from parvis_gis_arcgis.mapping import Layer, PublishedLayer
from parvis_gis_arcgis.settings import Settings
from parvis_gis_arcgis.tokens import access_of
from parvis_sdk.connectors import Connection
from parvis_sdk.mapping import mapped

NAME = "gis_arcgis"
FRESH = timedelta(minutes=10)  # how long a layer counts as described


class Gis:
    """Lives as long as the host, and keeps the token and what layers said of themselves."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.service = settings.features_url.rstrip("/")
        self.access = access_of(settings)
        self._layers: dict[str, tuple[datetime, Layer]] = {}

    def client(self, connection: Connection) -> Client:
        """What speaks to it during one call of the host."""
        return Client(connection.http, connection.now, self.access, self.settings.referer)

    def mapping_of(self, request_type: str) -> PublishedLayer | None:
        """Where requests of that type go."""
        found = mapped(self.settings.mappings, request_type)
        return found if isinstance(found, PublishedLayer) else None

    async def layer(self, client: Client, to: str, *, afresh: bool = False) -> Layer:
        """The layer that a mapping names."""
        kept = self._layers.get(to)
        if kept is None or afresh or not kept[0] <= client.now < kept[0] + FRESH:
            kept = client.now, await described(client, self.service, await numbered(client, self.service, to))
            self._layers[to] = kept
        return kept[1]

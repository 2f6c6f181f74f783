"""The locator: asks the town’s geocoder, not for long, keeps its answers for a while, says `Later` when it is away."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from msgspec import structs

from parvis_gis_arcgis import geocoders
from parvis_gis_arcgis.client import Client
from parvis_gis_arcgis.gis import NAME
from parvis_gis_arcgis.settings import Geocoder, Settings
from parvis_gis_arcgis.tokens import access_of
from parvis_sdk.errors import Later
from parvis_sdk.locators import FoundPlace
from parvis_sdk.text import Text

LIMIT = 1.2  # seconds, less than a page waits
KEPT = 2000  # answers
AGE = 900.0  # seconds
LONGEST = 200  # characters
SHORTEST = 3
RESOLVED = 5  # suggestions for which a place is asked
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Answer = Any


class ArcGISLocator:
    """Finds addresses by the geocoder of each town. It is lent no clock: here only durations matter."""

    name = NAME

    def __init__(self, settings: Settings, seconds: Callable[[], float] = time.monotonic) -> None:
        self.settings, self.seconds = settings, seconds
        self.access = access_of(settings)
        self.nobody = access_of(structs.replace(settings, username="", client_id="", api_key="", api_key_file=""))
        self._kept: OrderedDict[tuple[Any, ...], tuple[float, Answer]] = OrderedDict()

    async def find(self, jurisdiction: str, words: str, limit: int, http: httpx.AsyncClient) -> list[FoundPlace]:
        """Addresses that the words may mean; where they are but a beginning, what the service suggests."""
        geocoder = self.geocoder_of(jurisdiction)
        asked = " ".join(words.split())[:LONGEST]
        if geocoder is None or len(asked) < SHORTEST:
            return []
        client = self.client(geocoder, http)
        key = ("find", geocoder.url, geocoder.within, asked.casefold(), limit)
        found: list[FoundPlace] = await self.kept(key, lambda: self._found(client, geocoder, asked, limit))
        return list(found)

    async def address_at(self, jurisdiction: str, lon: float, lat: float, http: httpx.AsyncClient) -> FoundPlace | None:
        """The address nearest to a point."""
        geocoder = self.geocoder_of(jurisdiction)
        if geocoder is None:
            return None
        client = self.client(geocoder, http)
        key = ("at", geocoder.url, round(lon, 5), round(lat, 5))
        found: FoundPlace | None = await self.kept(key, lambda: geocoders.nearest(client, geocoder, lon, lat))
        return found

    async def facts_at(self, jurisdiction: str, lon: float, lat: float, http: httpx.AsyncClient) -> dict[str, Any]:
        """Nothing: what is known of a point is in the town's layers."""
        return {}

    def geocoder_of(self, jurisdiction: str) -> Geocoder | None:
        """The geocoder that names the town, else one for all."""
        serving = [each for each in self.settings.geocoders if not each.towns or jurisdiction in each.towns]
        return next((each for each in serving if each.towns), serving[0] if serving else None)

    def client(self, geocoder: Geocoder, http: httpx.AsyncClient) -> Client:
        """What speaks to a geocoder, with our token where it wants one."""
        now = BEGINNING + timedelta(seconds=self.seconds())
        return Client(http, now, self.access if geocoder.signed_in else self.nobody, self.settings.referer)

    async def _found(self, client: Client, geocoder: Geocoder, words: str, limit: int) -> list[FoundPlace]:
        found = await geocoders.candidates(client, geocoder, words, limit)
        if found or not await self.kept(("suggests", geocoder.url), lambda: geocoders.suggests(client, geocoder)):
            return found
        begun = await geocoders.suggestions(client, geocoder, words, min(limit, RESOLVED))
        each = await asyncio.gather(*(geocoders.candidates(client, geocoder, text, 1, key) for text, key in begun))
        return [place for places in each for place in places]

    async def kept(self, key: tuple[Any, ...], ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """An answer that is not too old, or a new one; the oldest make room."""
        now = self.seconds()
        before = self._kept.get(key)
        if before is not None and now - before[0] < AGE:
            self._kept.move_to_end(key)
            return before[1]
        try:
            async with asyncio.timeout(LIMIT):
                answer = await ask()
        except TimeoutError as error:
            raise Later(Text(fr=f"pas de réponse en {LIMIT}\u00a0s", en=f"no answer within {LIMIT} s")) from error
        self._kept[key] = now, answer
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return answer

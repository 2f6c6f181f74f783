"""The settings of `gis_arcgis`: where the town's ArcGIS is, how to sign in, what goes where, which addresses."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.mapping import PublishedLayer, reference_column
from parvis_sdk.calling import is_address

Seconds = Annotated[float, Meta(gt=0, le=600)]


class Geocoder(Struct, frozen=True, kw_only=True):
    """A GeocodeServer and the towns that it serves (empty: all that choose this locator).

    `within` is west, south, east, north in degrees: a service of the whole province answers for the town alone.
    `signed_in` says that it wants the token of the other settings.
    """

    url: str
    towns: tuple[str, ...] = ()
    within: tuple[float, float, float, float] | None = None
    least_score: Annotated[float, Meta(ge=0, le=100)] = 70
    signed_in: bool = False


class Settings(Struct, frozen=True, kw_only=True):
    """Without `features_url` no requests are published, without `geocoders` there is no locator, without `layers` no
    copies are kept; README.md says what each means."""

    features_url: str = ""
    mappings: tuple[PublishedLayer, ...] = ()
    towns: tuple[str, ...] = ()
    photos: bool = True
    personal: bool = False
    without_point: Literal["publish", "leave_out"] = "publish"
    erased: Literal["delete", "blank"] = "delete"
    every: Seconds = 60
    seconds: Seconds = 30
    at_once: Annotated[int, Meta(ge=1, le=32)] = 4
    per_second: Annotated[float, Meta(ge=0)] = 0

    username: str = ""
    password: str = ""
    password_file: str = ""
    client_id: str = ""
    client_secret: str = ""
    client_secret_file: str = ""
    api_key: str = ""
    api_key_file: str = ""
    portal_url: str = ""
    token_url: str = ""
    referer: str = "https://parvis.invalid"
    token_minutes: Annotated[int, Meta(ge=5, le=20160)] = 60

    geocoders: tuple[Geocoder, ...] = ()
    layers: tuple[ReadLayer, ...] = ()

    def __post_init__(self) -> None:
        """What is wrong whatever the other side says of itself."""
        for url in (self.features_url, self.portal_url, self.token_url, *(each.url for each in self.geocoders)):
            if url and not is_address(url):
                raise ValueError(f"{url!r} is no address of the web")
        ways = [name for name, given in self._ways() if given]
        if len(ways) > 1:
            raise ValueError(f"{' and '.join(ways)} are given: sign in in one way")
        for mapping in self.mappings:
            if not reference_column(mapping):
                raise ValueError(f"the mapping to {mapping.to!r} has no column for 'reference'")

    def _ways(self) -> tuple[tuple[str, Any], ...]:
        return ("username", self.username), ("client_id", self.client_id), ("api_key", self.api_key)

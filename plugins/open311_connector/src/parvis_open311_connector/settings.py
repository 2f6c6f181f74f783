"""The settings of `open311_connector`: who else answers for what, and how our requests stand as their services."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from parvis_sdk.calling import is_address
from parvis_sdk.mapping import FACTS, PREFIXES, Mapped
from parvis_sdk.settings import Exit, Secret
from parvis_sdk.subscriptions import Need
from parvis_sdk.text import Text

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Told = Literal["moved", "replied", "received", "amended", "withdrawn", "joined"]
Many = Annotated[int, Meta(ge=1, le=200)]
Days = Annotated[int, Meta(ge=1, le=3650)]
Seconds = Annotated[int, Meta(ge=10, le=86_400)]


class Service(Mapped, frozen=True, kw_only=True, omit_defaults=True):
    """How requests of some types stand as their service `to`, by its service_code.

    `columns` are the arguments of a report: "description", "address_string", "first_name", "attribute[size]" and, where
    several may be chosen, "attribute[size][]". `where` says of which requests: each fact named there has one of its
    values, such as the unit to which the rules of the town give what another owner answers for. `read` is the element
    that says how it stands ("status_notes", "extended_attributes.detailed_status"), `silent` the states that are known
    and move nothing here. `given` are the answers that a move of ours asks for, by their state; `{words}` is what they
    say of it. A `blackbox` gives no number, ever.
    """

    read: str = "status"
    where: dict[str, tuple[str, ...]] = {}
    given: dict[str, dict[str, str]] = {}
    silent: tuple[str, ...] = ("open", "closed")
    blackbox: bool = False

    def __post_init__(self) -> None:
        known = {*FACTS, *(f"{one}.{each}" for one, names in PREFIXES.items() for each in names)}
        for source in self.where:
            if source not in known and not source.startswith("answers."):
                raise ValueError(f"where: there is no fact {source!r}")


class Neighbour(Struct, frozen=True, kw_only=True):
    """Somebody else with an endpoint of GeoReport: one connector. Its `name` stays: numbers are kept under it.

    `url` is the base of the calls, without a suffix. `reference_in` is the argument that carries our reference, by
    which a report is found again there. `files_here_as` is the name of the key with which they file here: what came
    so does not go back. `photos` is the name of the file part for pictures, none: they stay. `tells` are the steps of
    which an update is posted, with the `words` of replies where that is on; `statuses` their word for one of our states
    or phases. `updates` says that what they publish of each step is read as well. `needs` is what of a person may go
    there; a column that names more is not sent. `watch_days` is how long one that is closed there is asked about.
    """

    name: Name
    title: Text
    url: Exit
    services: tuple[Service, ...]
    towns: tuple[str, ...] = ()
    jurisdiction_id: str = ""
    format: Literal["json", "xml"] = "json"
    extensions: bool = False
    reference_in: str = "description"
    look: bool = True
    files_here_as: str = ""
    photos: str = ""
    needs: tuple[Need, ...] = ()
    tells: tuple[Told, ...] = ()
    words: bool = False
    updates: bool = False
    statuses: dict[str, str] = {}
    language: Literal["fr", "en"] = "fr"
    time_zone: str = "America/Toronto"
    every: Seconds = 300
    batch: Many = 50
    watch_days: Days = 30
    at_once: int = 2
    per_second: float = 2.0
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if not is_address(self.url, safe=True):
            raise ValueError("url is no address of https")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {self.time_zone!r}") from error

    @property
    def types(self) -> tuple[str, ...]:
        """The types that go there; none where a service takes them all."""
        if not all(each.types for each in self.services):
            return ()
        return tuple(dict.fromkeys(code for each in self.services for code in each.types))


class Settings(Struct, frozen=True, kw_only=True):
    """`neighbours`, and their `keys` by name, as JSON from `PARVIS_OPEN311_CONNECTOR_KEYS` or the file that
    `PARVIS_OPEN311_CONNECTOR_KEYS_FILE` names. Without neighbours nothing is done."""

    neighbours: tuple[Neighbour, ...] = ()
    keys: dict[str, Secret] = {}

    def __post_init__(self) -> None:
        names = [each.name for each in self.neighbours]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two neighbours are called {name!r}")
        for name in self.keys:
            if name not in names:
                raise ValueError(f"keys: there is no neighbour {name!r}")

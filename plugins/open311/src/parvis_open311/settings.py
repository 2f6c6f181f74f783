"""What the file `modules/open311.toml` of a town says of its endpoint."""

from typing import Literal

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.module_settings import settings_of


class Open311Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of discovery, and what is offered.

    `jurisdiction_id` is what others call the town (often its domain name); its code is known too. `contact` and
    `key_service` say how to reach the town and how to get a key. `types` are the codes of the request types that are
    offered, all that can be asked when empty, but those in `without`.
    """

    jurisdiction_id: str = ""
    contact: str = ""
    key_service: str = ""
    type: Literal["production", "test"] = "production"
    types: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


SETTINGS = Open311Settings()


def settings_for(town: Jurisdiction) -> Open311Settings:
    """Those of one town."""
    return settings_of(town, "open311", SETTINGS)


def names_of(town: Jurisdiction) -> tuple[str, ...]:
    """The values of `jurisdiction_id` that mean this town."""
    return tuple(dict.fromkeys(filter(None, (settings_for(town).jurisdiction_id, town.code))))

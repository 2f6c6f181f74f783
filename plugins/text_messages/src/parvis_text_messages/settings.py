"""The settings of `text_messages`: which gateway calls, by which secret it is believed, and whose new messages are."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from parvis.plugins import PluginRegistry
from parvis_sdk.calling import is_address

NAME = "text_messages"


class Settings(Struct, frozen=True, kw_only=True):
    """Calls of a gateway are taken once `secret` is set; without one nobody is believed.

    `provider` says how it signs and names things. With "standard" the secret is `whsec_…`, the key of the standard for
    webhooks; with "twilio" it is the AuthToken, `account` the AccountSid, and `address` the address of the calls as it
    was given to Twilio, which is part of what Twilio signs. Photos are fetched from `media_hosts` alone, those of the
    provider where there are none. `jurisdiction` is the town that new messages are for, the first one when empty;
    `region` the country of numbers without a country code.
    """

    provider: Literal["standard", "twilio"] = "standard"
    secret: str = ""
    account: str = ""
    address: str = ""
    media_hosts: tuple[str, ...] = ()
    jurisdiction: str = ""
    region: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "CA"
    seconds: Annotated[float, Meta(gt=0, le=60)] = 15.0

    def __post_init__(self) -> None:
        if self.address and not is_address(self.address):
            raise ValueError("address is no address of http or https with a port that there is")
        if self.provider == "twilio" and self.secret and not self.address:
            raise ValueError("address is missing: Twilio signs it with each call")


def settings_of(plugins: PluginRegistry) -> Settings:
    """What the town's files say, or that no gateway is believed."""
    plugin = plugins.by_name.get(NAME)
    found = plugin.settings if plugin is not None else None
    return found if isinstance(found, Settings) else Settings()

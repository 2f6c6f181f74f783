"""The settings of `crm_connector`."""

from typing import Literal

from msgspec import Struct

from parvis_sdk.calling import is_address
from parvis_sdk.mapping import Mapped
from parvis_sdk.settings import Exit, Secret
from parvis_sdk.subscriptions import Need

NAME = "crm"  # of the connector: what is kept about requests is kept under it
Rule = Literal["ours", "theirs", "newest"]
Told = Literal["moved", "happened", "replied", "rescheduled", "received", "assigned", "amended", "withdrawn", "joined"]


class Settings(Struct, frozen=True, kw_only=True):
    """`base_url` is the address of the Web API, up to its version; without it there is no connector.

    `needs` states what of a person goes there ("contact", "personal"): a mapping that names more is a mistake, and that
    column is not sent. `conflicts` says, by table and column, whose value stays where both sides changed it.
    `case_key` and `contact_key` are alternate keys there, for columns of ours. `unnamed_customer` is the customer of
    cases without a contact, such as "accounts(accountnumber='ANONYME')". `words` sends the words of replies and of
    moves into the timeline. `resolution` names the answer of our moves that takes the words of theirs.
    """

    base_url: Exit = ""
    token_url: Exit = ""
    client_id: str = ""
    client_secret: Secret = ""
    client_secret_file: str = ""
    scope: str = ""
    types: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    conflicts: dict[str, dict[str, Rule]] = {}
    case_key: str = "new_parvisreference"
    contact_key: str = "new_parvisid"
    other_phones: tuple[str, ...] = ("mobilephone",)
    region: str = "CA"
    unnamed_customer: str = ""
    stopped: tuple[str, ...] = ("donotemail",)
    timeline: tuple[Told, ...] = ("moved", "replied", "rescheduled", "received", "withdrawn", "joined")
    words: bool = False
    language: Literal["fr", "en"] = "fr"
    resolution: str = ""
    contact_changes: bool = False
    erase_cases: Literal["blank", "delete", "keep"] = "blank"
    erase_contacts: Literal["blank", "delete", "keep"] = "blank"
    erase_notes: Literal["all", "ours", "keep"] = "all"
    every: float = 60.0
    at_once: int = 4
    per_second: float = 0.0
    seconds: float = 30.0

    def __post_init__(self) -> None:
        for name in ("base_url", "token_url"):
            if (given := getattr(self, name)) and not is_address(given, safe=True):
                raise ValueError(f"{name} is no address of https")

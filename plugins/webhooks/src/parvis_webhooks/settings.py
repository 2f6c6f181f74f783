"""The settings of `webhooks`: who is told, of what, and with which secret it is signed."""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from parvis_sdk.calling import is_address
from parvis_sdk.settings import Exit, Secret
from parvis_sdk.signatures import PREFIX, shared_keys
from parvis_sdk.subscriptions import Need

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
EventName = Literal[
    "submitted",
    "moved",
    "happened",
    "noted",
    "replied",
    "rescheduled",
    "raised",
    "received",
    "assigned",
    "amended",
    "withdrawn",
    "followed",
    "let_in",
    "joined",
    "erased",
]
USUAL: tuple[EventName, ...] = ("submitted", "moved", "happened", "assigned", "amended", "withdrawn", "erased")
SHORTEST = 24  # bytes of a secret, as the Standard Webhooks ask


class Endpoint(Struct, frozen=True, kw_only=True):
    """Somebody who is told. Its `name` stays: deliveries wait under it.

    `events`, `types` and `towns` narrow down what it is told (no type or town: all). `needs` states what of a person
    is told ("contact", "personal"), and whether fees and files are named ("fees", "attachments"). The secret stands in
    `secrets` of the plugin under the endpoint's name, or in `secret_file`, which is read anew for every call.
    """

    name: Name
    url: Exit
    title: str = ""
    events: tuple[EventName, ...] = USUAL
    types: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    secret_file: str = ""
    at_once: Annotated[int, Meta(ge=1, le=64)] = 4
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    seconds: Annotated[float, Meta(ge=1, le=60)] = 15.0

    def __post_init__(self) -> None:
        if not is_address(self.url, safe=True):
            raise ValueError(f"{self.name}: url is no address of https")
        address = urlsplit(self.url)
        if address.username or address.password:
            raise ValueError(f"{self.name}: a secret does not belong into an address")


class Settings(Struct, frozen=True, kw_only=True):
    """`endpoints` are told; `secrets` by their names, from `PARVIS_WEBHOOKS_SECRETS` or the file that
    `PARVIS_WEBHOOKS_SECRETS_FILE` names, as JSON. While a secret is changed, two stand there with a space between, the
    new one first: both sign.
    """

    endpoints: tuple[Endpoint, ...] = ()
    secrets: dict[str, Secret] = {}

    def __post_init__(self) -> None:
        names = [each.name for each in self.endpoints]
        for each in self.endpoints:
            if names.count(each.name) > 1:
                raise ValueError(f"two endpoints are called {each.name!r}")
            if each.secret_file:
                continue
            if not self.secrets.get(each.name):
                raise ValueError(f"{each.name}: neither `secrets` nor `secret_file` has its secret")
            secrets_in(self.secrets[each.name])
        for one, other in shared_keys({name: words.split() for name, words in self.secrets.items()}).items():
            raise ValueError(f"{one} and {other} have one secret: either could send the other what it was told")


def secrets_of(settings: Settings, endpoint: Endpoint) -> tuple[str, ...]:
    """The secrets that sign for an endpoint now, the newest first; OSError or ValueError when there are none."""
    if endpoint.secret_file:
        return secrets_in(Path(endpoint.secret_file).read_text(encoding="utf-8"))
    return secrets_in(settings.secrets.get(endpoint.name, ""))


def secrets_in(words: str) -> tuple[str, ...]:
    """Secrets as they are written, `whsec_` and base64, each long enough."""
    secrets = tuple(words.split())
    if not secrets:
        raise ValueError("there is no secret")
    if not all(is_secret(each) for each in secrets):
        raise ValueError(f"a secret is `{PREFIX}` and base64 of at least {SHORTEST} bytes")
    return secrets


def is_secret(word: str) -> bool:
    try:
        key = base64.b64decode(word.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return False
    return word.startswith(PREFIX) and len(key) >= SHORTEST

"""The settings of `webhooks`."""

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True):
    """`base_url` is where the other system is; without it there is no connector."""

    base_url: str = ""

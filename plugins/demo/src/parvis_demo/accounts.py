"""The people of the demo who work for its towns, as `accounts.toml` names them."""

from pathlib import Path

import msgspec

from parvis_sdk.text import Text


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    jurisdiction: str
    unit: str
    role: str
    zones: tuple[str, ...] = ()


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: str
    name: str
    password: str
    says: Text
    grants: tuple[Grant, ...]


def demo_accounts() -> tuple[Account, ...]:
    text = (Path(__file__).parent / "accounts.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, tuple[Account, ...]])["accounts"]

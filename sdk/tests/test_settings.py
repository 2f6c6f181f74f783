"""Settings say which of them are secret, and to whom the plugin speaks."""

import msgspec
import pytest
from msgspec import Struct

from parvis_sdk.settings import Exit, Secret, exits_of, host_of, secret_names, secrets_of


class System(Struct, frozen=True, kw_only=True):
    address: Exit
    name: str = ""
    pin: Secret = ""


class Settings(Struct, frozen=True, kw_only=True):
    base_url: Exit = ""
    others: tuple[Exit, ...] = ()
    systems: dict[str, System] = {}
    badge: Secret | None = None
    note: str = "not to be seen elsewhere"


class Round(Struct, frozen=True, kw_only=True):
    inner: "Round | None" = None
    pin: Secret = ""


class Quiet(Struct, frozen=True, kw_only=True):
    address: str = "https://erp.example.org"


def test_what_is_marked_is_found_at_any_depth():
    given = {
        "base_url": "https://ERP.example.org:8443/api",
        "others": ["maps.example.org", "https://erp.example.org"],
        "systems": {"north": {"address": "https://north.example.org", "pin": "1234", "name": "nobody.example"}},
        "badge": "blue",
    }
    settings = msgspec.convert(given, Settings)
    assert exits_of(settings) == ("erp.example.org", "maps.example.org", "north.example.org")
    assert secrets_of(settings) == ("1234", "blue")
    assert secret_names(Settings) == {"systems", "badge"}


def test_who_says_nothing_of_exits_is_told_from_who_has_none_yet():
    assert exits_of(Settings()) == ()
    assert exits_of(Quiet()) is None
    assert exits_of(None) is None
    assert exits_of(Round()) is None
    assert secrets_of(Round(inner=Round(pin="1234"))) == ("1234",)
    assert secrets_of(None) == ()


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://a.example/x", "a.example"), ("a.example:80", "a.example"), ("", ""), ("https://[::1", "")],
)
def test_the_host_of_an_address(address, host):
    assert host_of(address) == host

"""What is asked of an endpoint, judged once for the API and for the pages of operators."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.people.tokens import MachineToken
from parvis.requests.host import Host
from parvis.requests.offered import types_of
from parvis_api_webhooks.endpoints import EVENTS
from parvis_sdk.calling import is_address
from parvis_sdk.cleaning import clean

LONGEST_URL, LONGEST_TITLE = 500, 120


class Mistake(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: where, which kind, and a sentence in the language that is spoken."""

    path: str
    code: str
    words: str


def mistakes_in(
    host: Host, town: Jurisdiction, token: MachineToken | None, given: Mapping[str, Any]
) -> tuple[Mistake, ...]:
    """Everything that is wrong with these members of an endpoint; a token gives away nothing that it does not reach."""
    found: list[Mistake] = []
    if "url" in given and not is_safe(given["url"]):
        words = gettext("Give an address of https, without a name or password.")
        found.append(Mistake(path="url", code="unreadable", words=words))
    if "title" in given and not 0 < len(clean(given["title"]).strip()) <= LONGEST_TITLE:
        found.append(Mistake(path="title", code="required", words=gettext("Enter the name of the program to notify.")))
    offered: dict[str, frozenset[str]] = {
        "events": frozenset(EVENTS),
        "units": units_of(town, token),
        "types": frozenset(each.code for each in types_of(host, town) if token is None or token.is_for(each.code)),
    }
    for name, codes in offered.items():
        found += [
            Mistake(path=f"{name}.{number}", code="not_offered", words=_offered(codes))
            for number, code in enumerate(given.get(name, ()))
            if code not in codes
        ]
    if "events" in given and not given["events"]:
        found.append(Mistake(path="events", code="required", words=_offered(offered["events"])))
    for name in ("units", "types"):
        limits: Sequence[str] = getattr(token, name) if token else ()
        if name in given and limits and not given[name]:
            found.append(Mistake(path=name, code="required", words=_offered(offered[name])))
    return tuple(found)


def is_safe(url: str) -> bool:
    """Whether it may be called at all; where its name leads is guarded at each call."""
    if not is_address(url, safe=True) or len(url) > LONGEST_URL or clean(url) != url:
        return False
    parts = urlsplit(url)
    return not (parts.username or parts.password or parts.fragment)


def units_of(town: Jurisdiction, token: MachineToken | None) -> frozenset[str]:
    """The units that a token reaches, all of the town where it is not limited to some."""
    if token is None or not token.units:
        return frozenset(town.units)
    return frozenset[str]().union(*(town.units_under(unit) for unit in token.units))


def _offered(codes: frozenset[str]) -> str:
    return gettext("Offered here: {offered}.").format(offered=", ".join(sorted(codes)) or "—")

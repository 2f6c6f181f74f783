"""Whether residents of a town have a space of their own, behind a link sent to their address: a module says so."""

from collections.abc import Mapping

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host


class ResidentSpace(Struct, frozen=True, kw_only=True):
    """Where one address finds all its requests, and what may be found again by it; `steps` make its address."""

    steps: tuple[str | Mapping[str, str], ...]


def resident_space(host: Host, town: Jurisdiction) -> ResidentSpace | None:
    """The one of this town, if it has any; elsewhere each request is opened by a link of its own."""
    return next(iter(host.modules.heard(ResidentSpace, town)), None)

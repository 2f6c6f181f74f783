"""Whether a town lists its public requests for everybody: a module says so, pages and the API ask."""

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host


class PublicList(Struct, frozen=True, kw_only=True):
    """What shows the requests of a town to everybody; `steps` are the parts of its path at the portal."""

    steps: tuple[str, ...]


def public_list(host: Host, town: Jurisdiction) -> PublicList | None:
    """The one of this town, if it has any; elsewhere a request is shown to those alone who are led to its page."""
    return next(iter(host.modules.heard(PublicList, town)), None)

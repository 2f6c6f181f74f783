"""Tracking: the private view of a request, opened by its key, and everything its requester may do there."""

from collections.abc import Mapping
from typing import Any

from parvis.web.places import handlers_in
from parvis.web.portal.visit import AT_THE_PORTAL, enter
from parvis.web.routers import NO_PACKAGES, routers
from parvis.web.track import view
from parvis.web.track.keys import NoKey


def routes(packages: Mapping[str, str] = NO_PACKAGES) -> list[Any]:
    """Everything that is answered about one's own request, with the pages that modules bring."""
    return routers(handlers_in(__name__), packages, enter, refusing={NoKey: view.to_entrance}, given=AT_THE_PORTAL)

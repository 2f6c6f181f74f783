"""Bodies outside the town: the page behind a private link, where they give an opinion without an account."""

from typing import Any

from parvis.web.places import handlers_in
from parvis.web.portal.visit import AT_THE_PORTAL, enter
from parvis.web.routers import NO_PACKAGES, routers


def routes() -> list[Any]:
    """Everything behind such a link."""
    return routers(handlers_in(__name__), NO_PACKAGES, enter, refusing={}, given=AT_THE_PORTAL)

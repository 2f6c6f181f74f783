"""A person's own page: by a link that is mailed and used once, all they asked, follow and wish, in one town."""

from typing import Any

from parvis.web.own.session import NotOpen, to_entrance
from parvis.web.places import handlers_in
from parvis.web.portal.visit import AT_THE_PORTAL, enter
from parvis.web.routers import NO_PACKAGES, routers


def routes() -> list[Any]:
    """Everything behind the mailed link, and the way to it."""
    return routers(handlers_in(__name__), NO_PACKAGES, enter, refusing={NotOpen: to_entrance}, given=AT_THE_PORTAL)

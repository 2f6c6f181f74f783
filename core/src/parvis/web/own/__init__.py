"""A person's own page: by a link that is mailed and used once, all they asked, follow and wish, in one town."""

from typing import Any

from litestar import Router

from parvis.web.own.session import NotOpen, to_entrance
from parvis.web.places import handlers_in
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything behind the mailed link, and the way to it."""
    return [
        Router(
            "/",
            route_handlers=handlers_in(__name__),
            before_request=enter,
            exception_handlers={NotOpen: to_entrance},
            include_in_schema=False,
        )
    ]

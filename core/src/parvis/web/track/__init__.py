"""Tracking: the private view of a request, opened by its key, and everything its requester may do there."""

from typing import Any

from litestar import Router

from parvis.web.places import handlers_in
from parvis.web.portal.visit import enter
from parvis.web.track import view
from parvis.web.track.keys import NoKey


def routes() -> list[Any]:
    """Everything that is answered about one's own request."""
    return [
        Router(
            "/",
            route_handlers=handlers_in(__name__),
            before_request=enter,
            exception_handlers={NoKey: view.to_entrance},
            include_in_schema=False,
        )
    ]

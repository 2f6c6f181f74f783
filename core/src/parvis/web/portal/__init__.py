"""The portal: from what happens to the right form, from the form to a receipt, and what is public of it all."""

from typing import Any

from litestar import Router

from parvis.web.places import handlers_in
from parvis.web.portal import offline, resuming
from parvis.web.portal.drafting import HeldElsewhere
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything the portal answers."""
    return [
        Router(
            "/",
            route_handlers=handlers_in(__name__, but=(offline.worker,)),
            before_request=enter,
            exception_handlers={HeldElsewhere: resuming.ask_first},
            include_in_schema=False,
        ),
        offline.worker,
    ]

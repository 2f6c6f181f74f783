"""Bodies outside the town: the page behind a private link, where they give an opinion without an account."""

from typing import Any

from litestar import Router

from parvis.web.places import handlers_in
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything behind such a link."""
    return [Router("/", route_handlers=handlers_in(__name__), before_request=enter, include_in_schema=False)]

"""Bodies outside the town: the page behind a private link, where they give an opinion without an account."""

from typing import Any

from litestar import Router

from parvis.web.outside import opinion
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything behind such a link."""
    handlers = [opinion.opinion_page, opinion.take_opinion, opinion.opinion_file]
    return [Router("/", route_handlers=handlers, before_request=enter, include_in_schema=False)]

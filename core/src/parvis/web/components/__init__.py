"""Every component of the pages, shown on one page of a demonstration to those who write templates; nowhere else."""

from typing import Any

from litestar import Router

from parvis.web.components.showing import components_page


def routes() -> list[Any]:
    """The page, in each language."""
    return [Router("/", route_handlers=[components_page], include_in_schema=False)]

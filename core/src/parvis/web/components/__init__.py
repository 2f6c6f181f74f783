"""Every component of the pages, shown on one page of a demonstration to those who write templates; nowhere else."""

from typing import Any

from parvis.one_app import RouterOfOneApp
from parvis.web.places import handlers_in


def routes() -> list[Any]:
    """The page, in each language."""
    return [RouterOfOneApp("/", route_handlers=handlers_in(__name__), include_in_schema=False)]

"""The mailbox of a demonstration: what went out by e-mail, as its receivers would read it. Closed everywhere else."""

from typing import Any

from parvis.one_app import RouterOfOneApp
from parvis.web.places import handlers_in


def routes() -> list[Any]:
    """The list, one letter, and the letter's own HTML."""
    return [RouterOfOneApp("/demo/courriels", route_handlers=handlers_in(__name__))]

"""The doors: signing in and out, and the guard that stands before the desk and the operators' pages."""

from typing import Any

from litestar import Router

from parvis.web.doors import by_provider
from parvis.web.doors.reports import ask_to_stop, stop_by_link
from parvis.web.doors.sign_in import begin_second_step, come_in, leave, second_step, show_door
from parvis.web.security import protect_forms


def routes() -> list[Any]:
    """The pages that anyone may open, to come in or go out."""
    by_ours = [show_door, come_in, second_step, begin_second_step, leave, ask_to_stop, stop_by_link]
    return [
        Router("/", route_handlers=[*by_ours, *by_provider.HANDLERS], before_request=protect_forms),
        by_provider.left_there,
    ]

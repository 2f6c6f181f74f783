"""A person's own page: by a link that is mailed and used once, all they asked, follow and wish, in one town."""

from typing import Any

from litestar import Router

from parvis.web.own import archive, asking, entrance, mailed, page
from parvis.web.own.session import NotOpen, to_entrance
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything behind the mailed link, and the way to it."""
    handlers = [
        entrance.own_or_entrance,
        entrance.ask_for_link,
        entrance.link_page,
        entrance.press_link,
        page.open_request,
        mailed.open_draft,
        page.stop_following,
        page.keep_preferences,
        page.leave_page,
        archive.take_archive,
        asking.show_erase,
        asking.show_correct,
        asking.ask_to_erase,
        asking.ask_to_correct,
    ]
    return [
        Router(
            "/",
            route_handlers=handlers,
            before_request=enter,
            exception_handlers={NotOpen: to_entrance},
            include_in_schema=False,
        )
    ]

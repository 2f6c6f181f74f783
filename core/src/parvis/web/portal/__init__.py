"""The portal: from what happens to the right form, from the form to a receipt, and what is public of it all."""

from typing import Any

from litestar import Router

from parvis.web.portal import apply, home, joining, places, previews, public, searching
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything the portal answers."""
    handlers = [
        home.root,
        home.home,
        home.services,
        home.theme,
        searching.search,
        home.privacy,
        home.declaration,
        home.declare,
        places.addresses,
        apply.first_page,
        apply.later_page,
        apply.take_first,
        apply.take_later,
        previews.preview,
        joining.ask,
        joining.asked,
        joining.following,
        joining.change_following,
        public.public_list,
        public.public_page,
        public.public_file,
    ]
    return [Router("/", route_handlers=handlers, before_request=enter, include_in_schema=False)]

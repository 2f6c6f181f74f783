"""The portal: from what happens to the right form, from the form to a receipt, and what is public of it all."""

from typing import Any

from litestar import Router

from parvis.web.portal import (
    apply,
    eligibility,
    feeds,
    home,
    joining,
    later,
    listing,
    offline,
    photographed,
    places,
    pointed,
    previews,
    public,
    published,
    resuming,
    searching,
    service,
    starting,
    taking_over,
    verifying,
)
from parvis.web.portal.drafting import HeldElsewhere
from parvis.web.portal.visit import enter


def routes() -> list[Any]:
    """Everything the portal answers."""
    handlers = [
        home.root,
        home.home,
        home.services,
        home.theme,
        service.show_service,
        service.take_answered,
        eligibility.show_eligibility,
        eligibility.go_on,
        searching.search,
        starting.begin,
        starting.begin_form,
        pointed.ask_place,
        pointed.take_place,
        photographed.ask_photo,
        photographed.take_photo,
        photographed.preview,
        home.privacy,
        home.declaration,
        home.declare,
        places.addresses,
        places.judged,
        apply.first_page,
        apply.later_page,
        apply.take_first,
        apply.take_later,
        previews.preview,
        later.later,
        offline.alone,
        offline.whole_form,
        offline.take_whole,
        later.mail_draft,
        resuming.draft_link,
        resuming.adopt,
        resuming.draft_held,
        resuming.decide,
        resuming.discarded,
        joining.ask,
        joining.asked,
        joining.following,
        joining.change_following,
        taking_over.take_over_page,
        taking_over.answer_offer,
        listing.public_list,
        listing.public_groups,
        feeds.atom,
        feeds.rss,
        feeds.geojson,
        published.public_figures,
        public.public_page,
        public.public_file,
        verifying.ask_code,
        verifying.take_code,
        verifying.show_verified,
    ]
    return [
        Router(
            "/",
            route_handlers=handlers,
            before_request=enter,
            exception_handlers={HeldElsewhere: resuming.ask_first},
            include_in_schema=False,
        ),
        offline.worker,
    ]

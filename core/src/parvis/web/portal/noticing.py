"""Notices on the first page: the loud ones as they stand, those of one service as a line that leads to it."""

from typing import Any

from parvis.jurisdictions.notices import Notice
from parvis.requests.advice.by_notice import informing
from parvis.requests.offered import type_of
from parvis.web.portal.visit import Visit, service_address


def notices_here(here: Visit) -> dict[str, Any]:
    """What a town wants everybody to see now."""
    notices = informing(here.heart, here.town, None, None)
    loud = [one for one in notices if is_loud(one)]
    lines = [(one.title, href_of(here, one)) for one in notices if not is_loud(one)]
    return {"notices": loud, "notice_lines": [(title, href) for title, href in lines if href]}


def is_loud(notice: Notice) -> bool:
    """Whether it is an emergency, closes a service, or is about none in particular."""
    return notice.urgent or notice.kind != "inform" or not notice.types


def href_of(here: Visit, notice: Notice) -> str:
    """The page of the first service that the notice is about."""
    kinds = (type_of(here.heart, here.town, code) for code in notice.types)
    kind = next((kind for kind in kinds if kind is not None and kind.opened_by == "anyone"), None)
    return service_address(here.language, kind) if kind else ""

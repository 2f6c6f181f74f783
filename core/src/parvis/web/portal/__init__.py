"""The portal: from what happens to the right form, from the form to a receipt, and what is public of it all."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from parvis.web.addresses import address
from parvis.web.places import handlers_in
from parvis.web.portal import offline
from parvis.web.portal.drafting import HeldElsewhere
from parvis.web.portal.visit import AT_THE_PORTAL, enter, see_other, visit
from parvis.web.routers import NO_PACKAGES, routers


def routes(packages: Mapping[str, str] = NO_PACKAGES) -> list[Any]:
    """Everything the portal answers, with the pages that modules bring."""
    refusing: ExceptionHandlersMap = {HeldElsewhere: ask_first}
    own = handlers_in(__name__, but=(offline.worker,))
    return [*routers(own, packages, enter, refusing=refusing, given=AT_THE_PORTAL), offline.worker]


def ask_first(request: Request[Any, Any, Any], error: HeldElsewhere) -> Response[Any]:
    """An address with the token of a draft, in a browser that does not hold it: asked for like any private link."""
    return see_other(address(visit(request).language, ":draft", error.token))

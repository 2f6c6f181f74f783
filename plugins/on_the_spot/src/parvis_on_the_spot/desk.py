"""Codes to scan, printed for a lamp post, a park or a letter: a link to the portal with service and place filled in."""

from typing import Any

from litestar import Request, Response, get

from parvis.i18n import gettext, say
from parvis.jurisdictions.layers import ASSETS
from parvis.people.one_time import qr_code
from parvis.requests.links import town_url
from parvis.requests.offered import types_for_anyone
from parvis.web.addresses import address
from parvis.web.desk.context import AtDesk, management
from parvis.web.links import PageLink
from parvis.web.portal.linked import ASSET, PLACE, SERVICE, linked_by
from parvis.web.portal.visit import visit

CODES = "/bureau/codes"
AnyRequest = Request[Any, Any, Any]


@get(CODES, name="desk-codes")
async def show_codes(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The boxes, and below them, once something is named, the sheet to print."""
    room.demand("report")
    asked = {name: str(request.query_params.get(name, "")) for name in (SERVICE, PLACE, ASSET)}
    link = await linked_by(visit(request), asked)
    language = room.town.languages[0]
    whole = f"{town_url(room.host, room.town)}{address(language, ':begin', **link.query)}" if link.query else ""
    return room.show(
        "on_the_spot/codes.html",
        asked=asked,
        link=link,
        whole=whole,
        drawing=qr_code(whole) if whole else "",
        services=[
            ("", ""),
            *((request_type.code, say(request_type.title)) for request_type in types_for_anyone(room.host, room.town)),
        ],
        layers=[(code, say(layer.name)) for code, layer in ASSETS.of(room.town).items()],
        languages=room.town.languages,
    )


LINK = PageLink(
    slot="desk.menu",
    path=CODES,
    after="/bureau/tableau",
    text=lambda: gettext("QR codes"),
    right="report",
    icon="grid",
    group=management,
)

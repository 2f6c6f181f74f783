"""Whether the history of one request is whole, as an operator asks."""

from typing import Any

from litestar import Response, get

from parvis.i18n import gettext
from parvis.requests.keeping.histories import broken_histories
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations
from parvis.web.pages import AnyRequest

HISTORIES = f"{HOME}/historiques"


@get(HISTORIES)
async def show_histories(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Whether the entries of one request are all there and as they were written."""
    reference = str(request.query_params.get("reference", "")).strip()[:40]
    broken = [each async for each in broken_histories(room.host, [reference])] if reference else []
    verdict = "" if not reference else "whole"
    if broken:
        verdict = "unknown" if broken[0][1] == 0 else "broken"
    return room.show(
        "registers/histories.html", reference=reference, verdict=verdict, number=broken[0][1] if broken else 0
    )


LINK = PageLink(
    slot="operators.menu", path=HISTORIES, after="/exploitation/consultations", text=lambda: gettext("Histories")
)

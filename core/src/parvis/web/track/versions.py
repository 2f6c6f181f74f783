"""The requester reads every version of their answers."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from parvis.web.addresses import in_each, patterns
from parvis.web.pages import AnyRequest, render
from parvis.web.portal.visit import AtPortal
from parvis.web.track.keys import held_or_redirect, own_address, private
from parvis.web.versions import rested, versioned


@get(patterns(":track", "{reference:str}", ":versions"), name="versions-page")
async def versions_page(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Every version of the answers, side by side."""
    found = await held_or_redirect(here, reference, "see")
    record, request_type = found.record, found.request_type
    return render(
        request,
        "track/versions.html",
        reference=record.reference,
        title=request_type.title,
        versioned=await versioned(
            here.host, record, request_type, found.viewer, lambda id: own_address(here, found, ":files", id)
        ),
        rested=await rested(here.host, record, request_type, found.viewer),
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", record.reference, ":versions"),
        **private(),
    )

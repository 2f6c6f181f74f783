"""The page with the certificate that signs what a town gives to auditors, for them to compare."""

import asyncio

from litestar import Response, get

from parvis import clock
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.guard import ALSO_OFF
from parvis.web.town import find_town, town_of
from parvis_seals.town_seal import CERTIFICATE, as_pem, earlier_seals, signer_of


@get(CERTIFICATE, name="seal", opt={ALSO_OFF: True})
async def show_certificate(request: AnyRequest) -> Response[str]:
    """PEM; the same for as long as the town keeps its key, with those that keys before made below it.

    What was signed is compared for years: it is there also where the module is off.
    """
    deployment = request.app.state.deployment
    town = town_of(request.scope) or find_town(deployment.jurisdictions, request.scope)
    seal = await asyncio.to_thread(signer_of, deployment.host, town, clock.now())
    before = await asyncio.to_thread(earlier_seals, deployment.host, town)
    return Response(
        "".join(map(as_pem, (seal, *before))),
        media_type="application/x-pem-file",
        headers={"cache-control": "public, max-age=3600"},
    )

"""An endpoint whose secret is the same in each town: a call to one town could be made again at another."""

from parvis_sdk.endpoints import Endpoint, EndpointAnswer, Signed
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

SECRET = "whsec_" + "c2VjcmV0" * 6


async def changed(asked):
    return EndpointAnswer(status=202)


@hookimpl
def endpoints():
    title = Text(fr="Bons", en="Orders")
    return [Endpoint(code="orders", title=title, auth=Signed(secrets=lambda town: (SECRET,)), answer=changed)]


# kit: parvis_bad/plugin.py:10 · endpoint 'orders' (parvis) and endpoint 'orders' (elsewhere) have one secret · a call
#     to one could be made again at the other: neither is believed · give each endpoint a secret for each town

"""A handler whose Outcome has words where a Text belongs."""

from parvis_bad.sound import LAMP

from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on


@on(Submitted)
async def order(event, request):
    return Outcome(
        external_reference="WO-1",
        note="Commandé",
    )


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order]


# kit: parvis_bad/plugin.py:14 · subscription 'order' · Submitted in state 'received' is answered an Outcome with
#     rubbish in it: Expected `object | null`, got `str` - at `$.note` · each delivery of this event fails, and the
#     operator finds it broken · give each field the type that Outcome names
# host: bad.order · parvis_bad/plugin.py:10 · it returned an invalid Outcome: Expected `object | null`,
#     got `str` - at `$.note`

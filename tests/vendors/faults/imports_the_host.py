"""A plugin that imports the host."""

from parvis import clock
from parvis_bad.sound import LAMP
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.text import Text


@on(Submitted)
async def order(event, request):
    return Outcome(note=Text(fr="Commandé", en="Ordered"))


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def subscriptions():
    return [order] if clock.now() else []


# kit: parvis_bad/plugin.py:3 imports parvis · it works with this release of Parvis only, the next one may break it ·
#     import parvis_sdk and libraries of your own
# kit: importing parvis_bad.plugin loads parvis
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:3 · it imports parvis · the plugin works with this release of Parvis
#     only; the next one may break it · import only parvis_sdk and your own libraries

"""A panel that finds other requests for residents, with a personal answer and a step to propose."""

from parvis_bad.sound import LAMP

from parvis_sdk.finding import Scope
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.text import Text

OTHERS = Scope(types=(LAMP.code,), needs=("personal",), moves=("close",))


async def near(request, connection):
    return ()


@hookimpl
def request_types():
    return [LAMP]


@hookimpl
def panels():
    title = Text(fr="Tout près", en="Near by")
    return [Panel(code="near", title=title, shown_to=("desk", "requester"), show=near, finds=(OTHERS,))]


# kit: parvis_bad/plugin.py:13 · panel 'near' · it finds other requests and is not shown to the desk alone · the
#     plugin is left out · write shown_to=('desk',), or make two panels of it
# kit: parvis_bad/plugin.py:13 · panel 'near' · its scope names steps (close), and nothing is proposed here · the
#     plugin is left out · take moves out, or propose in a subscription
# kit: parvis_bad/plugin.py:13 · panel 'near' · its scope needs personal, and a page shows nothing personal of other
#     requests · the plugin is left out · take needs out, and give a link to the request
# host: bad (parvis-bad 1.0) · panels() · parvis_bad/plugin.py:13 · panel 'near' · it finds other requests and is not
#     shown to the desk alone · the plugin is left out · write shown_to=('desk',), or make two panels of it
# host: bad (parvis-bad 1.0) · panels() · parvis_bad/plugin.py:13 · panel 'near' · its scope names steps (close), and
#     nothing is proposed here · the plugin is left out · take moves out, or propose in a subscription
# host: bad (parvis-bad 1.0) · panels() · parvis_bad/plugin.py:13 · panel 'near' · its scope needs personal, and a
#     page shows nothing personal of other requests · the plugin is left out · take needs out, and give a link to the
#     request

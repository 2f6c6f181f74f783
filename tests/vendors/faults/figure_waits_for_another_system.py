"""A figure that blocks its thread while the dashboard waits."""

import time

from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")
WHAT = Text(fr="Les équipes en service.", en="The crews on duty.")


async def crews(view, connection):
    time.sleep(30)
    return 3


@hookimpl
def figures():
    return [Figure(code="crews", title=TITLE, explanation=WHAT, count=crews, connector="crews")]


# kit: parvis_bad/plugin.py:13 · figure 'crews' · the plugin has no connector 'crews' · it is not given what another
#     one remembers · correct it, or take it out
# kit: parvis_bad/plugin.py:14 · crews() is async and calls time.sleep(), which blocks · nothing else of the plugin
#     runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# host: bad (parvis-bad 1.0) · figures() · parvis_bad/plugin.py:13 · figure 'crews' · the plugin has no connector
#     'crews' · it is not given what another one remembers · correct it, or take it out
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:14 · crews() is async and calls time.sleep(), which blocks ·
#     nothing else of the plugin runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through
#     asyncio.to_thread

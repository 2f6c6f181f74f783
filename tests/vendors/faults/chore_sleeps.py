"""A chore that sleeps instead of awaiting."""

import time

from parvis_sdk.chores import Chore, Every
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def sweep(town, connection):
    time.sleep(3600)


@hookimpl
def chores():
    return [Chore(code="sweep", title=Text(fr="Ménage", en="Sweeping"), turns=Every(minutes=5), work=sweep)]


# kit: parvis_bad/plugin.py:10 · chore 'sweep' · parvis_bad/plugin.py:11 · it blocks without awaiting anything · the
#     turn is lost · await what takes long
# kit: parvis_bad/plugin.py:11 · sweep() is async and calls time.sleep(), which blocks · nothing else of the plugin
#     runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through asyncio.to_thread
# host: bad (parvis-bad 1.0) · parvis_bad/plugin.py:11 · sweep() is async and calls time.sleep(), which blocks ·
#     nothing else of the plugin runs meanwhile · await it (asyncio, httpx.AsyncClient), or go through
#     asyncio.to_thread

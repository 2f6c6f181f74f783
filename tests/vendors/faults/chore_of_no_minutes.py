"""A chore so often that nothing else would be done, whose function does not take what it is given."""

from parvis_sdk.chores import Chore, Every
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text


async def sweep(connection):
    return None


@hookimpl
def chores():
    return [Chore(code="sweep", title=Text(fr="Ménage", en="Sweeping"), turns=Every(minutes=0), work=sweep)]


# kit: parvis_bad/plugin.py:8 · chore 'sweep' · its work does not take (town, connection) · the plugin is left out ·
#     write `async def sweep(town, connection)`
# kit: parvis_bad/plugin.py:8 · chore 'sweep' · 0 minutes are not possible · the plugin is left out · take 1 to 10080
# host: bad (parvis-bad 1.0) · chores() · parvis_bad/plugin.py:8 · chore 'sweep' · its work does not take (town,
#     connection) · the plugin is left out · write `async def sweep(town, connection)`
# host: bad (parvis-bad 1.0) · chores() · parvis_bad/plugin.py:8 · chore 'sweep' · 0 minutes are not possible · the
#     plugin is left out · take 1 to 10080

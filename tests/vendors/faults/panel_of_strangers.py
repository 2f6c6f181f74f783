"""A panel on a type that nobody declares, filled by the memory of a connector that is not its own."""

from parvis_sdk.contents import Words
from parvis_sdk.hooks import hookimpl
from parvis_sdk.panels import Panel
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")


async def crews(request, connection):
    return (Words(text=TITLE),)


@hookimpl
def panels():
    return [Panel(code="crews", title=TITLE, shown_to=("desk",), show=crews, types=("lamps",), connector="erp")]


# kit: parvis_bad/plugin.py:11 · panel 'crews' · no request type has the code 'lamps' · nothing is shown there · correct
#     it, or take it out
# kit: parvis_bad/plugin.py:11 · panel 'crews' · the plugin has no connector 'erp' · it is not given what another one
#     remembers · correct it, or take it out
# host: bad (parvis-bad 1.0) · panels() · parvis_bad/plugin.py:11 · panel 'crews' · no request type has the code 'lamps'
#     · nothing is shown there · correct it, or take it out
# host: bad (parvis-bad 1.0) · panels() · parvis_bad/plugin.py:11 · panel 'crews' · the plugin has no connector 'erp' ·
#     it is not given what another one remembers · correct it, or take it out

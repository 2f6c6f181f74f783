"""A figure whose title holds half a character: the page that shows it could not be written, nor a sheet, nor a line."""

from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes \ud83d", en="Crews")


async def crews(view, connection):
    return 3


@hookimpl
def figures():
    return [Figure(code="crews", title=TITLE, explanation=Text(fr="Les équipes.", en="The crews."), count=crews)]


# kit: figures() · Figure 'crews' · its words hold U+D83D, which no page shows · the plugin is left out · write them
#     without control characters and halves of characters
# host: bad (parvis-bad 1.0) · figures() · parvis_bad/plugin.py:14 · Figure 'crews' · its words hold U+D83D, which no
#     page shows · the plugin is left out · write them without control characters and halves of characters

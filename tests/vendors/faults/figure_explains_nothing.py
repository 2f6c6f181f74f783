"""A figure of which nobody reads what it counts."""

from parvis_sdk.figures import Figure
from parvis_sdk.hooks import hookimpl
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")


async def crews(view, connection):
    return 3


@hookimpl
def figures():
    return [Figure(code="crews", title=TITLE, explanation=Text(fr=""), count=crews, over="everything")]


# kit: parvis_bad/plugin.py:10 · figure 'crews' · there are no words in French · the plugin is left out · say what
#     is counted, in both languages
# kit: parvis_bad/plugin.py:10 · figure 'crews' · over is 'everything', which is unknown · the plugin is left out ·
#     take some of requests, town
# host: bad (parvis-bad 1.0) · figures() · parvis_bad/plugin.py:10 · figure 'crews' · there are no words in French ·
#     the plugin is left out · say what is counted, in both languages
# host: bad (parvis-bad 1.0) · figures() · parvis_bad/plugin.py:10 · figure 'crews' · over is 'everything', which is
#     unknown · the plugin is left out · take some of requests, town

"""A page that cannot be opened before a question is answered."""

from parvis_sdk.contents import Words
from parvis_sdk.fields import ShortText
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")
NAME = ShortText(code="name", label=Text(fr="Nom", en="Name"))


async def crews(view, connection):
    return (Words(text=TITLE),)


@hookimpl
def pages():
    return [Page(code="crews", title=TITLE, shown_to=("desk",), roles=("agent",), filters=(NAME,), show=crews)]


# kit: parvis_bad/plugin.py:13 · page 'crews' · filter 'name' · a filter cannot be required · the plugin is left out
#     · write required=False
# host: bad (parvis-bad 1.0) · pages() · parvis_bad/plugin.py:13 · page 'crews' · filter 'name' · a filter cannot be
#     required · the plugin is left out · write required=False

"""A page that answers HTML."""

from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")


async def crews(view, connection):
    return "<h1>Équipes</h1>"


@hookimpl
def pages():
    return [Page(code="crews", title=TITLE, shown_to=("desk",), roles=("agent",), show=crews)]


# kit: parvis_bad/plugin.py:10 · page 'crews' · it is a value of type str instead of (Facts, Table …) · it is missing
#     from the page · see the nouns of parvis_sdk.contents

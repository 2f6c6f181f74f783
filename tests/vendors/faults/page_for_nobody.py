"""A page at the desk that no role may open."""

from parvis_sdk.contents import Words
from parvis_sdk.hooks import hookimpl
from parvis_sdk.pages import Page
from parvis_sdk.text import Text

TITLE = Text(fr="Équipes", en="Crews")


async def crews(view, connection):
    return (Words(text=TITLE),)


@hookimpl
def pages():
    return [Page(code="crews", title=TITLE, shown_to=("desk",), show=crews)]


# kit: parvis_bad/plugin.py:11 · page 'crews' · nobody may open it at the desk · the plugin is left out · name in
#     roles some of agent, clerk, observer, manager, auditor, contractor, privacy, operator
# host: bad (parvis-bad 1.0) · pages() · parvis_bad/plugin.py:11 · page 'crews' · nobody may open it at the desk · the
#     plugin is left out · name in roles some of agent, clerk,
#     observer, manager, auditor, contractor, privacy, operator

"""On the pages of operators: the help link of each."""

from parvis.web.links import PageLink
from parvis.web.operators.context import OperatorContext
from parvis_guides.help import help_link, label

SLOT = "operators.help"


def links(room: OperatorContext) -> tuple[PageLink, ...]:
    """Of the page that is shown."""
    return help_link(SLOT, room.request.url.path, room.host.plugins, room.nouns(PageLink, "operators.menu"))


HELP = PageLink(slot=SLOT, path="/exploitation/aide", text=label, each=links)

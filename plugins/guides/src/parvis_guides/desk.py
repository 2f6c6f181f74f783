"""At the desk: the help link of each page."""

from parvis.web.desk.context import DeskContext
from parvis.web.links import PageLink
from parvis_guides.help import help_link, label

SLOT = "desk.help"
SLOTS = ("desk.menu", "desk.procedures", "desk.figures", "desk.figures.more", "desk.account", "desk.new", "desk.reply")
"""Where lines stand that may name the guide about their pages."""


def links(room: DeskContext) -> tuple[PageLink, ...]:
    """Of the page that is shown."""
    named = (each for slot in SLOTS for each in room.nouns(PageLink, slot))
    return help_link(SLOT, room.request.url.path, room.host.plugins, named)


HELP = PageLink(slot=SLOT, path="/bureau/aide", text=label, each=links)

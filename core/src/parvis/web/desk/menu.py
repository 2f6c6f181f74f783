"""The groups of the desk's menu, and the lines of it that lead to no page of one file."""

from typing import TYPE_CHECKING

from parvis.i18n import gettext, pgettext
from parvis.web.links import PageLink

if TYPE_CHECKING:
    from parvis.web.desk.context import DeskContext


def work() -> str:
    return pgettext("menu", "Work")


def management() -> str:
    return pgettext("menu", "Management")


def operates(room: "DeskContext") -> bool:
    """Whether the person runs the installation, whichever town's page this is."""
    return any("operate" in reach.permissions for reach in room.viewer.reaches)


PROCEDURES = PageLink(
    slot="desk.menu",
    path="/bureau/regles",
    after="/bureau/codes",
    text=lambda: gettext("Procedures"),
    right="route",
    icon="road",
    group=management,
    holds="desk.procedures",
)
"""What a town decides about its work at the desk: pages beside one another, led to by one line of the menu."""

OPERATIONS = PageLink(
    slot="desk.menu",
    path="/exploitation",
    after="/bureau/renseignements-consultes",
    text=lambda: gettext("Operations"),
    when=operates,
    icon="gear",
)

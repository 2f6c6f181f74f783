"""At the desk: incidents, and notices of the town."""

from parvis.i18n import gettext


def in_menu() -> str:
    """Under which both stand in the menu."""
    return gettext("Incidents and notices")

"""The help link of a page: where it leads, in the language in which the page is read."""

from collections.abc import Iterable

from parvis.i18n import gettext, language
from parvis.plugins import PluginRegistry
from parvis.web.links import PageLink
from parvis_guides.pages import guide_about, page_of
from parvis_guides.settings import address_of


def help_link(slot: str, path: str, plugins: PluginRegistry, links: Iterable[PageLink]) -> tuple[PageLink, ...]:
    """One link, or none where the installation has no site."""
    address = address_of(plugins)
    if not address:
        return ()
    there = f"{address}/{page_of(guide_about(path, links), language())}"
    return (PageLink(slot=slot, path=there, text=label),)


def label() -> str:
    return gettext("Help about this page")

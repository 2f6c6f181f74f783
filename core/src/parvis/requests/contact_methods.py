"""The ways in which a jurisdiction can write to people, and those in which people may be reached."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.heart import Heart
from parvis_sdk.contact_methods import BUILT_IN, ContactMethod, method_of, methods_here


def channels_of(heart: Heart, jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The ways in which this jurisdiction can write to people."""
    return heart.house.channels_of(jurisdiction.plugins)


def contact_methods(heart: Heart, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The ways in which people of this jurisdiction may be reached, in the order of forms."""
    return methods_here(channels_of(heart, jurisdiction), heart.house.methods_of(jurisdiction.plugins))


def methods_read(heart: Heart, jurisdiction: Jurisdiction) -> tuple[ContactMethod, ...]:
    """The same with the built-in ones that it lacks today, for reading what people wish: that is kept for later."""
    here = contact_methods(heart, jurisdiction)
    return (*here, *(each for each in BUILT_IN if method_of(each.name, here) is None))


def method_known(heart: Heart, name: str) -> ContactMethod | None:
    """The contact method of that name, whichever towns have it; None where its plugin is gone."""
    return method_of(name, (*heart.house.methods_of(), *BUILT_IN))

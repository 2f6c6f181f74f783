"""What contact methods are called on pages, also those whose plugin is gone."""

from collections.abc import Iterable

from parvis.i18n import gettext, say
from parvis.requests.contact_methods import method_known
from parvis.requests.heart import Heart
from parvis_sdk.contact_methods import ContactMethod


def method_said(heart: Heart, name: str) -> str:
    """The method of that name within a sentence: "by email"."""
    method = method_known(heart, name)
    return say(method.by) if method else name


def way_said(heart: Heart, name: str) -> str:
    """The same before anybody is told: what somebody of the town will have to do is said to be so."""
    method, said = method_known(heart, name), method_said(heart, name)
    return gettext("%(by)s, on the list of calls") % {"by": said} if method and method.by_hand else said


def choices_of(methods: Iterable[ContactMethod]) -> list[tuple[str, str]]:
    """Contact methods for a list to choose from."""
    return [(each.name, say(each.by)) for each in methods]

"""What contact methods, phases, channels and things looked at are called on pages."""

from collections.abc import Iterable

from parvis.i18n import gettext, pgettext, say
from parvis.jurisdictions import Jurisdiction
from parvis.requests.contacts import manual_methods, method_known
from parvis.requests.host import Host
from parvis_sdk.contact_methods import ContactMethod


def method_said(host: Host, name: str) -> str:
    """The method of that name within a sentence: "by email"."""
    method = method_known(host, name)
    return say(method.by) if method else name


def way_said(host: Host, town: Jurisdiction, name: str) -> str:
    """The same before anybody is told: what somebody of the town will have to do is said to be so."""
    method, said = method_known(host, name), method_said(host, name)
    if method is None or not method.by_hand:
        return said
    if method in manual_methods(host, town):
        return gettext("%(by)s, on the call list") % {"by": said}
    return gettext("no message; to be reached another way")


def choices_of(methods: Iterable[ContactMethod]) -> list[tuple[str, str]]:
    """Contact methods for a list to choose from."""
    return [(each.name, say(each.by)) for each in methods]


def what_words(what: str) -> str:
    return {
        "page": gettext("its page"),
        "file": gettext("one of its files"),
        "document": gettext("one of its documents"),
        "print": gettext("the whole file (print view)"),
        "archive": gettext("the whole file (exported)"),
        "reveal": gettext("the confidential identity"),
        "demand": gettext("its line in a search by address, for an access request"),
        "delivery": gettext("what was sent about it to another system"),
        "told_message": gettext("a message, delivered to them"),
        "told_call": gettext("a call, made to them"),
        "told_letter": gettext("a letter, sent to them"),
        "told_page": gettext("its private page, through their link"),
        "list": gettext("a list, read by a system"),
        "export": gettext("a list, exported"),
    }.get(what, what)


NOWHERE = "aucune"  # in an address: the zone of requests outside of every zone, or without a place


def phase_name(phase: str) -> str:
    return {
        "received": pgettext("phase", "Received"),
        "in_progress": pgettext("phase", "In progress"),
        "waiting_for_you": pgettext("desk phase", "Waiting for the requester"),
        "decided": pgettext("phase", "Decided"),
        "closed": pgettext("phase", "Closed"),
    }.get(phase, phase)


def channel_name(channel: str) -> str:
    return {
        "portal": pgettext("channel", "Portal"),
        "phone": pgettext("channel", "Phone"),
        "counter": pgettext("channel", "Counter"),
        "email": pgettext("channel", "Email"),
        "sms": pgettext("channel", "Text message"),
        "mail": pgettext("channel", "Mail"),
        "api": pgettext("channel", "API"),
        "open311": pgettext("channel", "Open311"),
    }.get(channel, channel)

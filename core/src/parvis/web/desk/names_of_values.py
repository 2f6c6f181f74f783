"""What the desk calls phases and channels, wherever they are shown."""

from parvis.i18n import pgettext

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

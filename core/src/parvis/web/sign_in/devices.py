"""What a browser says of itself, in words for people."""

from parvis.i18n import gettext

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """What a browser says of itself, as its owner would: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or agent[:60] or gettext("Unknown device")


def device_in_letter(agent: str) -> str:
    """The same in a letter of the town, which does not carry what a stranger's browser says of itself."""
    known = device_words(agent)
    return gettext("Unknown device") if known == agent[:60] else known
